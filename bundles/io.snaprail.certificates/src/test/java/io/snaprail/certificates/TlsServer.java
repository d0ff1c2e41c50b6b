package io.snaprail.certificates;

import io.snaprail.certificates.TestPki.Issued;
import java.io.IOException;
import java.net.InetAddress;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;

/** A TLS server that answers one byte a connection. */
final class TlsServer implements AutoCloseable {
  final List<IOException> failures = new CopyOnWriteArrayList<>();
  private final SSLServerSocket socket;
  private final Thread thread;

  /** A server of whatever certificate, by the JDK alone. */
  static TlsServer showing(Issued identity) throws Exception {
    return new TlsServer(jdkContext(identity));
  }

  static SSLContext jdkContext(Issued identity) throws Exception {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    char[] password = "x".toCharArray();
    store.setKeyEntry(
        "x", identity.keys().getPrivate(), password, identity.chain().toArray(new Certificate[0]));
    KeyManagerFactory keys = KeyManagerFactory.getInstance("SunX509");
    keys.init(store, password);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), null, null);
    return context;
  }

  TlsServer(SSLContext context) throws IOException {
    this(
        (SSLServerSocket)
            context
                .getServerSocketFactory()
                .createServerSocket(0, 5, InetAddress.getLoopbackAddress()));
  }

  TlsServer(SSLServerSocket socket) {
    this.socket = socket;
    thread = new Thread(this::serve, "test-tls-server");
    thread.setDaemon(true);
    thread.start();
  }

  SSLServerSocket socket() {
    return socket;
  }

  int port() {
    return socket.getLocalPort();
  }

  private void serve() {
    while (!socket.isClosed()) {
      try (SSLSocket peer = (SSLSocket) socket.accept()) {
        peer.setSoTimeout(5000);
        peer.startHandshake();
        peer.getOutputStream().write(42);
        peer.getOutputStream().flush();
      } catch (IOException failure) {
        failures.add(failure);
      }
    }
  }

  @Override
  public void close() throws Exception {
    socket.close();
    thread.join(TimeUnit.SECONDS.toMillis(5));
  }
}
