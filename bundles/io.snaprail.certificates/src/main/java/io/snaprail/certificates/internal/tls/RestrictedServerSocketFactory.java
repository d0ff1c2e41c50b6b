package io.snaprail.certificates.internal.tls;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLServerSocketFactory;

/** Makes server sockets that keep to the {@link TlsPolicy}. */
final class RestrictedServerSocketFactory extends SSLServerSocketFactory {
  private final SSLServerSocketFactory delegate;
  private final boolean needClientAuth;

  RestrictedServerSocketFactory(SSLServerSocketFactory delegate, boolean needClientAuth) {
    this.delegate = delegate;
    this.needClientAuth = needClientAuth;
  }

  private ServerSocket prepare(ServerSocket socket) {
    if (socket instanceof SSLServerSocket tls) {
      tls.setEnabledProtocols(TlsPolicy.protocols(tls.getSupportedProtocols()));
      tls.setEnabledCipherSuites(TlsPolicy.suites(tls.getSupportedCipherSuites()));
      if (needClientAuth) {
        tls.setNeedClientAuth(true);
      }
    }
    return socket;
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
  public ServerSocket createServerSocket() throws IOException {
    return prepare(delegate.createServerSocket());
  }

  @Override
  public ServerSocket createServerSocket(int port) throws IOException {
    return prepare(delegate.createServerSocket(port));
  }

  @Override
  public ServerSocket createServerSocket(int port, int backlog) throws IOException {
    return prepare(delegate.createServerSocket(port, backlog));
  }

  @Override
  public ServerSocket createServerSocket(int port, int backlog, InetAddress address)
      throws IOException {
    return prepare(delegate.createServerSocket(port, backlog, address));
  }
}
