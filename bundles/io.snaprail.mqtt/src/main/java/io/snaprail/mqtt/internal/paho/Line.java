package io.snaprail.mqtt.internal.paho;

import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;

/**
 * A TCP socket that sends what belongs together in one piece while TLS is set up.
 *
 * <p>The JDK writes each record of a handshake by itself. A broker that refuses our certificate
 * hangs up in the middle of them, the next write fails, and its alert, which says why, is lost.
 * Held back until we turn to reading, they arrive together, nothing fails, and the alert is read.
 */
final class Line extends Socket {
  private final Object lock = new Object();
  private final ByteArrayOutputStream held = new ByteArrayOutputStream();
  private volatile boolean holding;
  private boolean once;

  /** From now on writes are held until the next read. */
  void hold() {
    holding = true;
  }

  /** The handshake is done: what is held, and what is written until then, goes at the next read. */
  void release() {
    synchronized (lock) {
      once = true;
    }
  }

  @Override
  public InputStream getInputStream() throws IOException {
    OutputStream out = super.getOutputStream();
    return new FilterInputStream(super.getInputStream()) {
      @Override
      public int read() throws IOException {
        send(out);
        return super.read();
      }

      @Override
      public int read(byte[] bytes, int offset, int length) throws IOException {
        send(out);
        return super.read(bytes, offset, length);
      }
    };
  }

  @Override
  public OutputStream getOutputStream() throws IOException {
    return new FilterOutputStream(super.getOutputStream()) {
      @Override
      public void write(int oneByte) throws IOException {
        write(new byte[] {(byte) oneByte}, 0, 1);
      }

      @Override
      public void write(byte[] bytes, int offset, int length) throws IOException {
        if (!keep(bytes, offset, length)) {
          out.write(bytes, offset, length);
        }
      }
    };
  }

  private boolean keep(byte[] bytes, int offset, int length) {
    if (!holding) {
      return false;
    }
    synchronized (lock) {
      if (holding) {
        held.write(bytes, offset, length);
      }
      return holding;
    }
  }

  private void send(OutputStream out) throws IOException {
    if (!holding) {
      return;
    }
    synchronized (lock) {
      held.writeTo(out);
      held.reset();
      holding = !once;
    }
  }
}
