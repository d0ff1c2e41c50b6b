package io.snaprail.serial.internal.link;

import io.snaprail.api.driver.Deadline;
import io.snaprail.api.serial.LineSettings;
import io.snaprail.api.serial.SerialException;
import io.snaprail.api.serial.SerialException.Kind;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Bytes through a TCP connection, as they are. */
public final class TcpLink implements Link {
  private static final Logger LOG = LoggerFactory.getLogger(TcpLink.class);

  // How often a connecting thread looks whether the connection is still wanted.
  private static final long CONNECT_SLICE_MS = 50;
  private static final int DISCARD_MOST = 1 << 20;

  private final String port;
  private final SocketChannel channel;
  private final Selector readable;
  private final ReentrantLock readLock = new ReentrantLock();
  private final ReentrantLock writeLock = new ReentrantLock();
  private volatile boolean closed;

  private TcpLink(String port, SocketChannel channel, Selector readable) {
    this.port = port;
    this.channel = channel;
    this.readable = readable;
  }

  /**
   * Connects.
   *
   * @param port for messages
   * @param unwanted asked often; true ends the attempt
   */
  // The channel and the selector belong to the link once it exists; before, a failure closes both.
  public static TcpLink connect(
      String port, String host, int tcpPort, Deadline deadline, BooleanSupplier unwanted)
      throws SerialException {
    InetSocketAddress address = new InetSocketAddress(host, tcpPort);
    if (address.isUnresolved()) {
      throw new SerialException(
          Kind.NOT_FOUND,
          port + ": host '" + host + "' is not known. Check the name and the name server.");
    }
    SocketChannel channel = null;
    Selector selector = null;
    boolean done = false;
    try {
      channel = SocketChannel.open();
      selector = Selector.open();
      channel.configureBlocking(false);
      channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
      channel.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
      finishConnect(port, channel, selector, address, deadline, unwanted);
      done = true;
      return new TcpLink(port, channel, selector);
    } catch (IOException failure) {
      throw new SerialException(
          Kind.NOT_FOUND,
          port
              + ": cannot connect: "
              + failure.getMessage()
              + ". Is the port server on, and its port right?",
          failure);
    } finally {
      if (!done) {
        closeQuietly(channel);
        closeQuietly(selector);
      }
    }
  }

  private static void finishConnect(
      String port,
      SocketChannel channel,
      Selector selector,
      InetSocketAddress address,
      Deadline deadline,
      BooleanSupplier unwanted)
      throws IOException, SerialException {
    SelectionKey key = channel.register(selector, SelectionKey.OP_CONNECT);
    boolean connected = channel.connect(address);
    while (!connected) {
      if (unwanted.getAsBoolean()) {
        throw Waiting.closed(port);
      }
      if (deadline.expired()) {
        throw new SerialException(
            Kind.TIMEOUT,
            port + ": no answer from the port server in time. Is it on, and reachable from here?");
      }
      selector.select(Math.min(CONNECT_SLICE_MS, Math.max(1, deadline.remainingMillis())));
      if (Thread.currentThread().isInterrupted()) {
        throw Waiting.interrupted(port);
      }
      selector.selectedKeys().clear();
      connected = channel.finishConnect();
    }
    key.interestOps(SelectionKey.OP_READ);
  }

  @Override
  public int read(byte[] buffer, int offset, int length, Deadline deadline) throws SerialException {
    Waiting.lock(port, readLock, deadline, "read");
    try {
      ByteBuffer target = ByteBuffer.wrap(buffer, offset, length);
      while (true) {
        int count = channel.read(target);
        if (count < 0) {
          throw hungUp(null);
        }
        if (count > 0 || deadline.expired()) {
          return count;
        }
        readable.select(Math.max(1, deadline.remainingMillis()));
        readable.selectedKeys().clear();
        if (Thread.currentThread().isInterrupted()) {
          throw Waiting.interrupted(port);
        }
      }
    } catch (IOException | ClosedSelectorException failure) {
      throw failed(failure);
    } finally {
      readLock.unlock();
    }
  }

  @Override
  public void write(byte[] bytes, int offset, int length, Deadline deadline)
      throws SerialException {
    Waiting.lock(port, writeLock, deadline, "write");
    try {
      ByteBuffer source = ByteBuffer.wrap(bytes, offset, length);
      channel.write(source);
      if (source.hasRemaining()) {
        writeRest(source, deadline);
      }
    } catch (IOException | ClosedSelectorException failure) {
      throw failed(failure);
    } finally {
      writeLock.unlock();
    }
  }

  // Rare: the port server has stopped taking bytes. The selector is made for this time only.
  private void writeRest(ByteBuffer source, Deadline deadline) throws IOException, SerialException {
    try (Selector writable = Selector.open()) {
      channel.register(writable, SelectionKey.OP_WRITE);
      while (source.hasRemaining()) {
        if (deadline.expired()) {
          throw new SerialException(
              Kind.TIMEOUT,
              "%s: %d bytes could not be sent in time: the port server does not take them"
                  .formatted(port, source.remaining()));
        }
        writable.select(Math.min(CONNECT_SLICE_MS, Math.max(1, deadline.remainingMillis())));
        if (Thread.currentThread().isInterrupted()) {
          throw Waiting.interrupted(port);
        }
        writable.selectedKeys().clear();
        channel.write(source);
      }
    }
  }

  @Override
  public void drain(Deadline deadline) {
    // The system has the bytes; when they leave the far line only the port server knows.
  }

  @Override
  public void setLine(LineSettings line, Deadline deadline) throws SerialException {
    throw new SerialException(
        Kind.SETTINGS,
        "%s: the line is to be changed to %s while it is open, but behind tcp:// the server has the settings of the line. Use rfc2217:// if the server speaks it, or let the device keep to one baud rate."
            .formatted(port, line));
  }

  @Override
  public void discardInput() throws SerialException {
    Waiting.lock(port, readLock, Deadline.in(Duration.ofSeconds(1)), "discard input");
    try {
      ByteBuffer sink = ByteBuffer.allocate(4096);
      int dropped = 0;
      int count = channel.read(sink);
      // Bounded: a far side that never stops must not hold the caller.
      while (count > 0 && dropped < DISCARD_MOST) {
        dropped += count;
        sink.clear();
        count = channel.read(sink);
      }
      if (count < 0) {
        throw hungUp(null);
      }
    } catch (IOException failure) {
      throw failed(failure);
    } finally {
      readLock.unlock();
    }
  }

  private SerialException failed(Exception failure) {
    return closed ? Waiting.closed(port) : hungUp(failure);
  }

  private SerialException hungUp(@Nullable Exception cause) {
    String why = cause == null ? "it closed the connection" : String.valueOf(cause.getMessage());
    return new SerialException(Kind.LOST, port + ": the port server is gone: " + why, cause);
  }

  @Override
  public void close() {
    closed = true;
    closeQuietly(channel);
    closeQuietly(readable);
  }

  private static void closeQuietly(@Nullable Closeable resource) {
    if (resource == null) {
      return;
    }
    try {
      resource.close();
    } catch (IOException unimportant) {
      LOG.debug("Closing a connection: {}", unimportant.toString());
    }
  }
}
