package io.snaprail.localiot.internal.broker;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.mqtt.MqttDecoder;
import io.netty.handler.codec.mqtt.MqttEncoder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.timeout.IdleStateHandler;
import io.netty.util.concurrent.ImmediateEventExecutor;
import io.snaprail.localiot.internal.limits.Quotas;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import org.jspecify.annotations.Nullable;

/**
 * Listens and runs the network threads: two, which also do the TLS. Buffers come from the heap and
 * are not pooled: the endpoint has to be small rather than fast. {@link #open} and {@link #close}
 * are called by one thread; the rest is safe for any.
 */
public final class MqttServer implements AutoCloseable {
  private static final int THREADS = 2;
  private static final int BIND_TIMEOUT_S = 5;
  private static final int STOP_TIMEOUT_MS = 1500;

  /** Beyond it the codec refuses; our own check comes first. */
  private static final int CLIENT_ID_CHARACTERS = 1024;

  private static final WriteBufferWaterMark WATER_MARK =
      new WriteBufferWaterMark(32 * 1024, 64 * 1024);

  private final BrokerContext context;
  private final ChannelGroup connections = new DefaultChannelGroup(ImmediateEventExecutor.INSTANCE);
  private final EventLoopGroup threads =
      new MultiThreadIoEventLoopGroup(THREADS, threadFactory(), NioIoHandler.newFactory());
  private volatile SSLContext tls;
  private @Nullable Channel listener;

  /** Starts no thread before {@link #open}. */
  public MqttServer(BrokerContext context, SSLContext tls) {
    this.context = context;
    this.tls = tls;
  }

  /** Uses another context for the connections that come from now on. */
  public void renew(SSLContext fresh) {
    tls = fresh;
  }

  /**
   * Starts to listen; may be tried again after a failure.
   *
   * @throws IOException when the address cannot be had; the message is the system's
   */
  public void open(InetSocketAddress address) throws IOException {
    ChannelFuture bound =
        new ServerBootstrap()
            .group(threads)
            .channel(NioServerSocketChannel.class)
            .option(ChannelOption.SO_REUSEADDR, true)
            .option(ChannelOption.SO_BACKLOG, 128)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childOption(ChannelOption.ALLOCATOR, new UnpooledByteBufAllocator(false, true))
            .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, WATER_MARK)
            .childHandler(new Initializer())
            .bind(address);
    if (!bound.awaitUninterruptibly(BIND_TIMEOUT_S, TimeUnit.SECONDS)) {
      bound.cancel(false);
      throw new IOException("no answer from the system in " + BIND_TIMEOUT_S + " s");
    }
    Throwable failure = bound.cause();
    if (failure != null) {
      throw new IOException(failure.getMessage(), failure);
    }
    listener = bound.channel();
  }

  /** The port that it listens on; -1 when it does not. */
  public int port() {
    return listener == null ? -1 : ((InetSocketAddress) listener.localAddress()).getPort();
  }

  /** Ends listener, connections and threads; takes 2 s at most. */
  @Override
  public void close() {
    if (listener != null) {
      listener.close();
    }
    connections.close();
    threads
        .shutdownGracefully(0, STOP_TIMEOUT_MS / 2, TimeUnit.MILLISECONDS)
        .awaitUninterruptibly(STOP_TIMEOUT_MS, TimeUnit.MILLISECONDS);
  }

  private static ThreadFactory threadFactory() {
    AtomicInteger number = new AtomicInteger();
    return task -> {
      Thread thread = new Thread(task, "snaprail-localiot-io-" + number.incrementAndGet());
      thread.setDaemon(true);
      return thread;
    };
  }

  private SslHandler tlsHandler() {
    SSLEngine engine = tls.createSSLEngine();
    engine.setUseClientMode(false);
    engine.setNeedClientAuth(true);
    engine.setEnabledProtocols(new String[] {"TLSv1.3", "TLSv1.2"});
    engine.setHandshakeApplicationProtocolSelector(
        (of, offered) -> offered.contains(Quotas.ALPN) ? Quotas.ALPN : "");
    SslHandler handler = new SslHandler(engine);
    handler.setHandshakeTimeoutMillis(Quotas.CONNECT_TIME.toMillis());
    handler.setCloseNotifyFlushTimeoutMillis(500);
    return handler;
  }

  private final class Initializer extends ChannelInitializer<SocketChannel> {
    @Override
    protected void initChannel(SocketChannel channel) {
      if (connections.size() >= Quotas.CONNECTIONS) {
        context
            .log()
            .warn("connections", "refused: " + Quotas.CONNECTIONS + " clients are connected");
        channel.close();
        return;
      }
      connections.add(channel);
      ChannelPipeline pipeline = channel.pipeline();
      pipeline.addLast(tlsHandler());
      MqttConnection connection = new MqttConnection(context);
      pipeline.addLast(new PacketFraming(connection));
      pipeline.addLast(new MqttDecoder(PacketFraming.PACKET_BYTES, CLIENT_ID_CHARACTERS));
      pipeline.addLast(MqttEncoder.INSTANCE);
      pipeline.addLast(
          MqttConnection.IDLE_HANDLER,
          new IdleStateHandler(Quotas.CONNECT_TIME.toMillis(), 0, 0, TimeUnit.MILLISECONDS));
      pipeline.addLast(connection);
    }
  }
}
