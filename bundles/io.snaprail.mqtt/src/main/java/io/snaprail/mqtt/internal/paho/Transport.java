package io.snaprail.mqtt.internal.paho;

import io.snaprail.api.mqtt.MqttSettings;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The line of one connection: TCP and, where asked for, TLS 1.2 or 1.3 with server name (SNI), host
 * name check and ALPN.
 *
 * <p>Made here and not by the client library: Paho 1.2.5 wipes the ALPN list, refuses host names
 * that SNI does not allow, and hides which step failed. Connecting is done by one thread; closing
 * by any.
 */
final class Transport {
  private static final Logger LOG = LoggerFactory.getLogger(Transport.class);

  /** Longest for TCP, and again for the TLS handshake. */
  static final Duration STEP_TIMEOUT = Duration.ofSeconds(8);

  // Without it, closing a socket whose send buffer is full was seen to hang for minutes.
  private static final int LINGER_S = 2;

  private final MqttSettings settings;
  private final @Nullable ProxyTunnel tunnel;
  private volatile @Nullable Socket tcp;
  private volatile @Nullable Socket usable;
  private volatile boolean closed;
  private volatile boolean orderly;

  /** Goes straight to the broker unless there is a tunnel. */
  Transport(MqttSettings settings, @Nullable ProxyTunnel tunnel) {
    this.settings = settings;
    this.tunnel = tunnel;
  }

  /**
   * Connects.
   *
   * @param context null without TLS
   * @throws ProxyException when the proxy was not reached or does not connect
   * @throws TlsFailure when TCP was fine and TLS was not
   * @throws IOException when there was no TCP connection
   */
  void open(@Nullable SSLContext context) throws IOException {
    Line line = tunnel == null ? connectTcp(settings.host(), settings.port()) : connect(tunnel);
    if (context == null) {
      usable = line;
      return;
    }
    try {
      usable = handshake(context, line);
    } catch (IOException e) {
      abort();
      throw new TlsFailure(e);
    }
  }

  /** The connected socket. */
  Socket socket() throws SocketException {
    Socket socket = usable;
    if (socket == null) {
      throw new SocketException("not connected");
    }
    return socket;
  }

  /** From now on closing says good-bye properly instead of cutting the line. */
  void beOrderly() {
    orderly = true;
  }

  /** Closes; cuts the line at once unless {@link #beOrderly()} was called. */
  void close() {
    Socket socket = usable;
    if (orderly && socket != null) {
      closeQuietly(socket);
    }
    abort();
  }

  /** Cuts the line at once: whatever thread reads or writes gets an exception. */
  void abort() {
    closed = true;
    Socket line = tcp;
    if (line != null && !line.isClosed()) {
      try {
        line.setSoLinger(true, 0);
      } catch (SocketException e) {
        LOG.trace("{}: already closed", settings.endpoint(), e);
      }
      closeQuietly(line);
    }
  }

  private Line connect(ProxyTunnel through) throws IOException {
    Line line;
    try {
      line = connectTcp(through.host(), through.port());
    } catch (IOException e) {
      throw ProxyException.unreachable(e);
    }
    try {
      through.ask(line, STEP_TIMEOUT);
      return line;
    } catch (IOException e) {
      abort();
      throw e;
    }
  }

  private Line connectTcp(String host, int port) throws IOException {
    InetAddress[] addresses = InetAddress.getAllByName(host);
    int each = (int) Math.max(2_000, STEP_TIMEOUT.toMillis() / addresses.length);
    IOException failure = new ConnectException("no address");
    for (InetAddress address : addresses) {
      // The socket is kept in a field, so that abort() can close it, and closed on failure.
      Line line = new Line();
      tcp = line;
      try {
        if (closed) {
          throw new SocketException("closed");
        }
        line.connect(new InetSocketAddress(address, port), each);
        line.setTcpNoDelay(true);
        line.setSoLinger(true, LINGER_S);
        return line;
      } catch (IOException e) {
        closeQuietly(line);
        failure = e;
      }
    }
    throw failure;
  }

  private SSLSocket handshake(SSLContext context, Line line) throws IOException {
    SSLSocket socket =
        (SSLSocket)
            context
                .getSocketFactory()
                .createSocket(line, settings.serverName(), settings.port(), /* autoClose= */ true);
    socket.setSSLParameters(parameters(socket));
    socket.setSoTimeout((int) STEP_TIMEOUT.toMillis());
    line.hold();
    socket.startHandshake();
    line.release();
    socket.setSoTimeout(0);
    if (!settings.alpn().isEmpty()) {
      LOG.debug("{}: ALPN '{}'", settings.endpoint(), socket.getApplicationProtocol());
    }
    return socket;
  }

  private SSLParameters parameters(SSLSocket socket) {
    SSLParameters parameters = socket.getSSLParameters();
    parameters.setProtocols(new String[] {"TLSv1.3", "TLSv1.2"});
    parameters.setCipherSuites(
        Arrays.stream(parameters.getCipherSuites())
            .filter(Transport::modern)
            .toArray(String[]::new));
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    SNIHostName name = serverName();
    if (name != null) {
      parameters.setServerNames(List.of(name));
    }
    parameters.setApplicationProtocols(settings.alpn().toArray(String[]::new));
    return parameters;
  }

  /** TLS 1.3 suites, and those of TLS 1.2 with forward secrecy and authenticated encryption. */
  private static boolean modern(String suite) {
    boolean tls13 = !suite.contains("_WITH_") && suite.startsWith("TLS_");
    boolean aead = suite.contains("_GCM_") || suite.contains("CHACHA20");
    return tls13 || (suite.startsWith("TLS_ECDHE_") && aead);
  }

  /** Set by hand because the JDK leaves it out for names without a dot, such as localhost. */
  private @Nullable SNIHostName serverName() {
    String host = settings.serverName();
    // RFC 6066, 3: literal addresses are not permitted.
    if (host.indexOf(':') >= 0 || host.matches("[0-9.]+")) {
      return null;
    }
    try {
      return new SNIHostName(host);
    } catch (IllegalArgumentException e) {
      LOG.debug("{}: no server name is sent: {}", settings.endpoint(), e.getMessage());
      return null;
    }
  }

  private void closeQuietly(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      LOG.trace("{}: closing", settings.endpoint(), e);
    }
  }

  /** The TLS handshake failed. */
  static final class TlsFailure extends IOException {
    private static final long serialVersionUID = 1L;

    TlsFailure(IOException cause) {
      super(cause.getMessage(), cause);
    }
  }
}
