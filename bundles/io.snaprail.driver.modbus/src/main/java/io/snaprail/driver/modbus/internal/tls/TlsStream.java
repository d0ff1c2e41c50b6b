package io.snaprail.driver.modbus.internal.tls;

import io.snaprail.api.driver.Deadline;
import io.snaprail.driver.modbus.internal.transport.ByteStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connection over TLS 1.2 or 1.3 as a way for bytes, with certificates on both sides. What may be
 * spoken and whom to trust is decided by the certificate store's context; the name is checked here.
 *
 * <p>In TLS 1.3 our side is done before the device has seen our certificate. So its refusal comes
 * with the first answer, and is told as one of the handshake.
 */
public final class TlsStream implements ByteStream {
  private static final Logger LOG = LoggerFactory.getLogger(TlsStream.class);
  private static final Duration GLANCE = Duration.ofMillis(1);
  private static final int NOTHING = -1;

  private final TlsTarget target;
  private final TlsKeys keys;
  private final TlsFaults faults;
  private final long idleNanos;
  private final DeadlineSocket line = new DeadlineSocket();
  private volatile @Nullable SSLSocket tls;

  /** What is shown to the device; from the moment at which it was reached. */
  private TlsKeys.@Nullable Context shown;

  /** Whether the device has answered something, and so has accepted us. */
  private boolean accepted;

  /** A byte that came when nobody asked; {@link #NOTHING} when none did. */
  private int ahead = NOTHING;

  private long lastUse;

  /** Whether it belongs to the thread that exchanges; guarded by this. */
  private boolean busy = true;

  /** Whether it is to be closed as soon as it is not busy; guarded by this. */
  private boolean retired;

  /**
   * Not yet connected.
   *
   * @param idle time without use after which it is worth a look whether the device has hung up
   */
  public TlsStream(TlsTarget target, TlsKeys keys, Duration idle) {
    this.target = target;
    this.keys = keys;
    this.faults = new TlsFaults(target);
    idleNanos = idle.toNanos();
  }

  @Override
  public void connect(InetAddress address, int port, Deadline deadline) throws IOException {
    TlsKeys.Context context = keys.context(target);
    line.open(address, port, deadline);
    shown = context;
    try {
      SSLSocket socket =
          (SSLSocket)
              context
                  .tls()
                  .getSocketFactory()
                  .createSocket(line, target.serverName(), port, /* autoClose= */ true);
      tls = socket;
      socket.setSSLParameters(parameters(socket.getSSLParameters()));
      socket.startHandshake();
      line.flushHeld();
      keys.connected(this, target, context, socket.getSession());
    } catch (IOException e) {
      refused();
      throw faults.inHandshake(e);
    }
    lastUse = System.nanoTime();
  }

  private SSLParameters parameters(SSLParameters parameters) {
    // The store's own contexts do so by themselves; another store's need not.
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    parameters.setProtocols(new String[] {"TLSv1.3", "TLSv1.2"});
    if (!target.byAddress()) {
      try {
        // By hand, as the JDK leaves it out for names without a dot.
        parameters.setServerNames(List.of(new SNIHostName(target.serverName())));
      } catch (IllegalArgumentException e) {
        LOG.debug("{}: no server name is sent: {}", target.serverName(), e.getMessage());
      }
    }
    return parameters;
  }

  private SSLSocket tls() throws EOFException {
    SSLSocket socket = tls;
    if (socket == null) {
      throw new EOFException();
    }
    return socket;
  }

  @Override
  public void write(byte[] bytes) throws IOException {
    try {
      // Goes when the answer is read: what the device said before is heard, even if it hung up.
      tls().getOutputStream().write(bytes);
    } catch (IOException e) {
      refused();
      throw faults.after(accepted, e);
    }
  }

  @Override
  public int read(byte[] into, int offset, int length, Deadline deadline) throws IOException {
    if (ahead != NOTHING) {
      into[offset] = (byte) ahead;
      ahead = NOTHING;
      return 1;
    }
    line.until(deadline);
    int read;
    try {
      read = tls().getInputStream().read(into, offset, length);
    } catch (SocketTimeoutException e) {
      throw faults.after(accepted, e);
    } catch (IOException e) {
      refused();
      throw faults.after(accepted, e);
    }
    if (read < 0) {
      refused();
      throw accepted ? new EOFException() : faults.hungUp();
    }
    if (!accepted && shown != null) {
      accepted = true;
      keys.accepted(shown);
    }
    return read;
  }

  /** The connection has failed; before the first answer that may be for what was shown. */
  private void refused() {
    TlsKeys.Context context = shown;
    if (!accepted && context != null) {
      shown = null;
      keys.failed(context);
    }
  }

  @Override
  public boolean unread() throws IOException {
    claim();
    if (ahead != NOTHING || tls().getInputStream().available() > 0) {
      return true;
    }
    // Beneath TLS, what has come need not be for us: tickets and the like.
    return line.getInputStream().available() > 0 && !silent();
  }

  @Override
  public boolean quiet() throws IOException {
    return System.nanoTime() - lastUse < idleNanos || silent();
  }

  /** Whether nothing is there to be read; what is there is kept. */
  private boolean silent() throws IOException {
    byte[] one = new byte[1];
    try {
      read(one, 0, 1, Deadline.in(GLANCE));
      ahead = one[0] & 0xff;
      return false;
    } catch (SocketTimeoutException e) {
      return true;
    }
  }

  /** From now on the connection is not closed by others. */
  private synchronized void claim() throws EOFException {
    if (retired) {
      throw new EOFException();
    }
    busy = true;
  }

  @Override
  public void used() throws IOException {
    lastUse = System.nanoTime();
    boolean over;
    synchronized (this) {
      busy = false;
      over = retired;
    }
    if (over) {
      close();
    }
  }

  boolean dependsOn(String name) {
    return name.equals(target.identity()) || name.equals(target.roots());
  }

  /** Closes it when it is idle, or else as soon as it is. */
  void retire() {
    boolean now;
    synchronized (this) {
      retired = true;
      now = !busy;
    }
    if (now) {
      try {
        close();
      } catch (IOException e) {
        LOG.debug("{}: closing", target.host(), e);
      }
    }
  }

  @Override
  public void close() throws IOException {
    keys.closed(this);
    boolean idle;
    synchronized (this) {
      idle = !busy;
      retired = true;
    }
    SSLSocket socket = tls;
    if (idle && socket != null) {
      sayGoodBye(socket);
    }
    line.close();
  }

  /** Tells the device that this is the end (RFC 8446, 6.1); its own is not waited for. */
  private void sayGoodBye(SSLSocket socket) {
    try {
      socket.shutdownOutput();
    } catch (IOException e) {
      LOG.trace("{}: closing", target.host(), e);
    }
  }
}
