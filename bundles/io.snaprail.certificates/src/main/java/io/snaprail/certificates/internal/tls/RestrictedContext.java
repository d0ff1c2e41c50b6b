package io.snaprail.certificates.internal.tls;

import java.security.KeyManagementException;
import java.security.SecureRandom;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLContextSpi;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocketFactory;
import javax.net.ssl.SSLSessionContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;

/**
 * An initialised SSLContext that makes sockets and engines which keep to the {@link TlsPolicy} from
 * the start, clients that check the host name and servers that ask for a certificate where they
 * trust any.
 */
final class RestrictedContext extends SSLContext {
  RestrictedContext(SSLContext delegate, boolean needClientAuth) {
    super(new Spi(delegate, needClientAuth), delegate.getProvider(), delegate.getProtocol());
  }

  private static final class Spi extends SSLContextSpi {
    private final SSLContext delegate;
    private final boolean needClientAuth;

    Spi(SSLContext delegate, boolean needClientAuth) {
      this.delegate = delegate;
      this.needClientAuth = needClientAuth;
    }

    @Override
    protected void engineInit(KeyManager[] keys, TrustManager[] trust, SecureRandom random)
        throws KeyManagementException {
      throw new KeyManagementException(
          "This TLS context comes from the certificate store and cannot be changed");
    }

    @Override
    protected SSLSocketFactory engineGetSocketFactory() {
      return new RestrictedSocketFactory(delegate.getSocketFactory(), needClientAuth);
    }

    @Override
    protected SSLServerSocketFactory engineGetServerSocketFactory() {
      return new RestrictedServerSocketFactory(delegate.getServerSocketFactory(), needClientAuth);
    }

    @Override
    protected SSLEngine engineCreateSSLEngine() {
      return prepare(delegate.createSSLEngine());
    }

    @Override
    protected SSLEngine engineCreateSSLEngine(String host, int port) {
      return prepare(delegate.createSSLEngine(host, port));
    }

    private SSLEngine prepare(SSLEngine engine) {
      engine.setEnabledProtocols(TlsPolicy.protocols(engine.getSupportedProtocols()));
      engine.setEnabledCipherSuites(TlsPolicy.suites(engine.getSupportedCipherSuites()));
      if (needClientAuth) {
        engine.setNeedClientAuth(true);
      }
      return new RestrictedEngine(engine);
    }

    @Override
    protected SSLSessionContext engineGetServerSessionContext() {
      return delegate.getServerSessionContext();
    }

    @Override
    protected SSLSessionContext engineGetClientSessionContext() {
      return delegate.getClientSessionContext();
    }

    @Override
    protected SSLParameters engineGetDefaultSSLParameters() {
      SSLParameters parameters = engineGetSupportedSSLParameters();
      if (needClientAuth) {
        parameters.setNeedClientAuth(true);
      }
      return parameters;
    }

    @Override
    protected SSLParameters engineGetSupportedSSLParameters() {
      SSLParameters parameters = delegate.getSupportedSSLParameters();
      parameters.setProtocols(TlsPolicy.protocols(parameters.getProtocols()));
      parameters.setCipherSuites(TlsPolicy.suites(parameters.getCipherSuites()));
      return parameters;
    }
  }
}
