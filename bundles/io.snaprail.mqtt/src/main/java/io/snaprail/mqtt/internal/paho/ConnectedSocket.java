package io.snaprail.mqtt.internal.paho;

import java.io.FilterInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * The socket that the client library gets: already connected, TLS done, by {@link Transport}.
 *
 * <p>Two traps of Paho 1.2.5 are kept away from it. Its connect thread spins for ever when the
 * broker hangs up before all its threads have started, so reading begins only after the first
 * write, which it does last. And its one-second read time-out loses its place in the stream when it
 * strikes within a packet's header, so there is none: closing the socket ends a read.
 */
final class ConnectedSocket extends Socket {
  private final Transport transport;
  private final CountDownLatch written = new CountDownLatch(1);

  ConnectedSocket(Transport transport) {
    this.transport = transport;
  }

  @Override
  public void connect(SocketAddress endpoint, int timeout) {
    // Done already, to the real address.
  }

  @Override
  public void setSoTimeout(int timeout) {
    // None, see above.
  }

  @Override
  public InputStream getInputStream() throws IOException {
    return new GatedInput(transport.socket().getInputStream());
  }

  @Override
  public OutputStream getOutputStream() throws IOException {
    return new GateOpener(transport.socket().getOutputStream());
  }

  // A lock here would make the thread that cuts a dead line wait for the one that hangs on it.
  @SuppressWarnings("UnsynchronizedOverridesSynchronized")
  @Override
  public void close() {
    transport.close();
  }

  private final class GatedInput extends FilterInputStream {
    GatedInput(InputStream in) {
      super(in);
    }

    @Override
    public int available() throws IOException {
      return written.getCount() == 0 ? super.available() : 0;
    }

    @Override
    public int read() throws IOException {
      awaitGate();
      return super.read();
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      awaitGate();
      return super.read(bytes, offset, length);
    }

    private void awaitGate() throws SocketTimeoutException {
      if (written.getCount() == 0) {
        return;
      }
      try {
        if (written.await(1, TimeUnit.SECONDS)) {
          return;
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      throw new SocketTimeoutException("nothing is read before CONNECT is written");
    }
  }

  private final class GateOpener extends FilterOutputStream {
    GateOpener(OutputStream out) {
      super(out);
    }

    @Override
    public void write(int oneByte) throws IOException {
      try {
        out.write(oneByte);
      } finally {
        written.countDown();
      }
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      try {
        out.write(bytes, offset, length);
      } finally {
        written.countDown();
      }
    }
  }
}
