package io.snaprail.localiot.internal.rest;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.timeout.IdleStateHandler;
import io.netty.util.concurrent.ImmediateEventExecutor;
import io.snaprail.localiot.internal.broker.HttpMessages;
import io.snaprail.localiot.internal.jobs.JobService;
import io.snaprail.localiot.internal.limits.Quotas;
import io.snaprail.localiot.internal.registry.Arns;
import io.snaprail.localiot.internal.registry.Registry;
import io.snaprail.localiot.internal.service.RequestGate;
import io.snaprail.localiot.internal.shadow.ShadowOperations;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import org.jspecify.annotations.Nullable;

/**
 * HTTPS with client certificates on a port of its own, one network thread. {@link #open} and {@link
 * #close} are called by one thread; the rest is safe for any.
 */
public final class RestServer implements AutoCloseable {
  private static final int BIND_TIMEOUT_S = 5;
  private static final int STOP_TIMEOUT_MS = 500;
  private static final int IDLE_S = 60;

  /** More than the largest payload, for who sends what is refused with words. */
  private static final int BODY_BYTES = Quotas.PAYLOAD_BYTES + 4096;

  private final RestRoutes routes;
  private final Executor thread;
  private final RequestGate gate;
  private final ChannelGroup connections = new DefaultChannelGroup(ImmediateEventExecutor.INSTANCE);
  private final EventLoopGroup threads =
      new MultiThreadIoEventLoopGroup(1, RestServer::thread, NioIoHandler.newFactory());
  private volatile SSLContext tls;
  private @Nullable Channel listener;

  /**
   * What it serves.
   *
   * @param registry certificates and policies
   * @param thread where requests are worked on
   */
  public record Parts(
      Registry registry,
      Arns arns,
      Clock clock,
      ShadowOperations shadows,
      JobService jobs,
      HttpMessages messages,
      Executor thread) {}

  /** Starts no thread before {@link #open}. */
  public RestServer(Parts parts, SSLContext tls) {
    this.routes =
        new RestRoutes(
            new RestPolicies(parts.registry()),
            new RestRoutes.Parts(
                parts.shadows(), parts.jobs(), parts.messages(), parts.arns(), parts.clock()));
    this.thread = parts.thread();
    this.gate =
        new RequestGate(
            new RequestGate.Limits(Quotas.REST_REQUESTS, Quotas.REST_REQUESTS, 0),
            System::nanoTime);
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
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childOption(ChannelOption.ALLOCATOR, new UnpooledByteBufAllocator(false, true))
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

  /** Ends listener, connections and thread; takes 0.5 s at most. */
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

  private static Thread thread(Runnable task) {
    Thread thread = new Thread(task, "snaprail-localiot-rest");
    thread.setDaemon(true);
    return thread;
  }

  private SslHandler tlsHandler() {
    SSLEngine engine = tls.createSSLEngine();
    engine.setUseClientMode(false);
    engine.setNeedClientAuth(true);
    engine.setEnabledProtocols(new String[] {"TLSv1.3", "TLSv1.2"});
    SslHandler handler = new SslHandler(engine);
    handler.setHandshakeTimeoutMillis(Quotas.CONNECT_TIME.toMillis());
    return handler;
  }

  private final class Initializer extends ChannelInitializer<SocketChannel> {
    @Override
    protected void initChannel(SocketChannel channel) {
      if (connections.size() >= Quotas.REST_CONNECTIONS) {
        channel.close();
        return;
      }
      connections.add(channel);
      channel
          .pipeline()
          .addLast(tlsHandler())
          .addLast(new IdleStateHandler(IDLE_S, 0, 0, TimeUnit.SECONDS))
          .addLast(new HttpServerCodec(new HttpDecoderConfig()))
          .addLast(new HttpObjectAggregator(BODY_BYTES, true))
          .addLast(new RestHandler(routes, thread, gate));
    }
  }
}
