package io.snaprail.certificates.internal.tls;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/**
 * Makes client sockets that keep to the {@link TlsPolicy} and check the host name unless the caller
 * sets another way of identification. A caller that widens the policy later is stopped by the trust
 * manager.
 */
final class RestrictedSocketFactory extends SSLSocketFactory {
  private final SSLSocketFactory delegate;
  private final boolean needClientAuth;

  RestrictedSocketFactory(SSLSocketFactory delegate, boolean needClientAuth) {
    this.delegate = delegate;
    this.needClientAuth = needClientAuth;
  }

  private static Socket prepare(Socket socket) {
    if (socket instanceof SSLSocket tls) {
      restrict(tls);
      SSLParameters parameters = tls.getSSLParameters();
      parameters.setEndpointIdentificationAlgorithm("HTTPS");
      tls.setSSLParameters(parameters);
    }
    return socket;
  }

  private static void restrict(SSLSocket socket) {
    socket.setEnabledProtocols(TlsPolicy.protocols(socket.getSupportedProtocols()));
    socket.setEnabledCipherSuites(TlsPolicy.suites(socket.getSupportedCipherSuites()));
  }

  @Override
  public String[] getDefaultCipherSuites() {
    return TlsPolicy.suites(delegate.getSupportedCipherSuites());
  }

  @Override
  public String[] getSupportedCipherSuites() {
    return getDefaultCipherSuites();
  }

  @Override
  public Socket createSocket() throws IOException {
    return prepare(delegate.createSocket());
  }

  @Override
  public Socket createSocket(Socket layered, String host, int port, boolean autoClose)
      throws IOException {
    return prepare(delegate.createSocket(layered, host, port, autoClose));
  }

  @Override
  public Socket createSocket(Socket layered, InputStream consumed, boolean autoClose)
      throws IOException {
    // The one that makes a server's side: nobody's host name is checked there.
    Socket socket = delegate.createSocket(layered, consumed, autoClose);
    if (socket instanceof SSLSocket tls) {
      restrict(tls);
      if (needClientAuth) {
        tls.setNeedClientAuth(true);
      }
    }
    return socket;
  }

  @Override
  public Socket createSocket(String host, int port) throws IOException {
    return prepare(delegate.createSocket(host, port));
  }

  @Override
  public Socket createSocket(String host, int port, InetAddress localHost, int localPort)
      throws IOException {
    return prepare(delegate.createSocket(host, port, localHost, localPort));
  }

  @Override
  public Socket createSocket(InetAddress host, int port) throws IOException {
    return prepare(delegate.createSocket(host, port));
  }

  @Override
  public Socket createSocket(InetAddress host, int port, InetAddress localHost, int localPort)
      throws IOException {
    return prepare(delegate.createSocket(host, port, localHost, localPort));
  }
}
