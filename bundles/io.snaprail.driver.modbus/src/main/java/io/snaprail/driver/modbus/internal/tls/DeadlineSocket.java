package io.snaprail.driver.modbus.internal.tls;

import io.snaprail.api.driver.Deadline;
import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;

/**
 * The TCP connection under TLS. It differs from any other in two things:
 *
 * <ul>
 *   <li>A read ends by the deadline, however many small pieces a TLS record comes in: a time-out of
 *       a socket begins anew with each piece.
 *   <li>What is written goes when something is read, or by {@link #flushHeld()}. TLS writes each
 *       record of a handshake by itself; a device that refuses our certificate hangs up in the
 *       middle of them, the next write fails, and the alert that says why is lost.
 * </ul>
 *
 * Used by one thread at a time; only {@link #close()} may be called by others.
 */
final class DeadlineSocket extends Socket {
  private final ByteArrayOutputStream held = new ByteArrayOutputStream();
  private Deadline deadline = Deadline.in(Duration.ZERO);

  DeadlineSocket() {
    super(Proxy.NO_PROXY);
  }

  /** Opens the connection. Reads end by the same deadline until another one is set. */
  void open(InetAddress address, int port, Deadline by) throws IOException {
    until(by);
    setTcpNoDelay(true);
    setKeepAlive(true);
    connect(new InetSocketAddress(address, port), millisLeft());
  }

  /** From now on reads end by this deadline. */
  void until(Deadline by) {
    deadline = by;
  }

  /** Sends what is held. */
  void flushHeld() throws IOException {
    if (held.size() > 0) {
      held.writeTo(super.getOutputStream());
      held.reset();
    }
  }

  private int millisLeft() throws SocketTimeoutException {
    int left = deadline.remainingMillis();
    if (left == 0) {
      throw new SocketTimeoutException();
    }
    return left;
  }

  private void beforeRead() throws IOException {
    try {
      flushHeld();
    } catch (IOException e) {
      // The device has hung up. What it said before that can still be read, and says why.
      held.reset();
    }
    setSoTimeout(millisLeft());
  }

  /** Ends what is sent, after what is held. */
  @Override
  public void shutdownOutput() throws IOException {
    flushHeld();
    super.shutdownOutput();
  }

  @Override
  public InputStream getInputStream() throws IOException {
    return new FilterInputStream(super.getInputStream()) {
      @Override
      public int read() throws IOException {
        beforeRead();
        return super.read();
      }

      @Override
      public int read(byte[] bytes, int offset, int length) throws IOException {
        beforeRead();
        return super.read(bytes, offset, length);
      }
    };
  }

  @Override
  public OutputStream getOutputStream() {
    return held;
  }
}
