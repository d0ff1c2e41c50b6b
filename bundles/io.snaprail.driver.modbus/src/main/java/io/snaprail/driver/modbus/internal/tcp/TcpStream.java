package io.snaprail.driver.modbus.internal.tcp;

import io.snaprail.api.driver.Deadline;
import io.snaprail.driver.modbus.internal.transport.ByteStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;

/** A TCP connection as a way for bytes. */
public final class TcpStream implements ByteStream {
  private final Socket socket = new Socket(Proxy.NO_PROXY);
  private final long idleNanos;
  private long lastUse;

  /**
   * Not yet connected.
   *
   * @param idle time without use after which it is worth a look whether the device has hung up
   */
  public TcpStream(Duration idle) {
    idleNanos = idle.toNanos();
  }

  @Override
  public void connect(InetAddress address, int port, Deadline deadline) throws IOException {
    socket.setTcpNoDelay(true);
    socket.setKeepAlive(true);
    socket.connect(new InetSocketAddress(address, port), millisLeft(deadline));
    used();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }

  @Override
  public void used() {
    lastUse = System.nanoTime();
  }

  @Override
  public boolean unread() throws IOException {
    return socket.getInputStream().available() > 0;
  }

  @Override
  public boolean quiet() throws IOException {
    return System.nanoTime() - lastUse < idleNanos || silent(socket.getInputStream());
  }

  /** A socket tells that its far end has hung up only to those who read. */
  private boolean silent(InputStream in) throws IOException {
    socket.setSoTimeout(1);
    try {
      // Either the end, or a byte that nobody asked for.
      return in.read(new byte[1]) == 0;
    } catch (SocketTimeoutException e) {
      return true;
    }
  }

  /**
   * Sends. A request is smaller than any send buffer and is the only one under way, so that this
   * does not block.
   */
  @Override
  public void write(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
  }

  @Override
  public int read(byte[] into, int offset, int length, Deadline deadline) throws IOException {
    socket.setSoTimeout(millisLeft(deadline));
    int read = socket.getInputStream().read(into, offset, length);
    if (read < 0) {
      throw new EOFException();
    }
    return read;
  }

  private static int millisLeft(Deadline deadline) throws SocketTimeoutException {
    int left = deadline.remainingMillis();
    if (left == 0) {
      throw new SocketTimeoutException();
    }
    return left;
  }
}
