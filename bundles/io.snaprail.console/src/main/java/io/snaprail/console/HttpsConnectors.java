package io.snaprail.console;

import io.snaprail.api.certificate.CertificateStore;
import io.snaprail.api.certificate.CertificateStoreException;
import io.snaprail.console.internal.access.SecurityHeaders;
import io.snaprail.console.internal.access.Zone;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLContext;
import org.apache.felix.http.jetty.ConnectorFactory;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.eclipse.jetty.util.thread.Scheduler;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the one connector of the HTTP server: HTTPS, HTTP/1.1, TLS 1.3 or 1.2 with forward secrecy,
 * on a socket that is bound already. Whatever else the server listened on is closed: there is one
 * door.
 */
final class HttpsConnectors implements ConnectorFactory {
  private static final Logger LOG = LoggerFactory.getLogger(HttpsConnectors.class);
  private static final Duration IDLE = Duration.ofSeconds(30);

  /** A form of someone who is not logged in is there and answered after so long, or given up. */
  private static final Duration FORM_PATIENCE = Duration.ofSeconds(10);

  /** Whoever sends a body more slowly holds a thread only; bytes a second. */
  private static final int MIN_BODY_RATE = 100;

  private static final int HEADER_BYTES = 16 * 1024;
  private static final int MIN_THREADS = 2;
  private static final int MAX_THREADS = 24;

  private final CertificateStore store;
  private final InetSocketAddress address;
  private final Duration formPatience;
  private ServerSocketChannel channel;
  private SslContextFactory.@Nullable Server tls;

  /**
   * Offers a socket.
   *
   * @param channel bound
   */
  HttpsConnectors(CertificateStore store, ServerSocketChannel channel) throws IOException {
    this(store, channel, FORM_PATIENCE);
  }

  HttpsConnectors(CertificateStore store, ServerSocketChannel channel, Duration formPatience)
      throws IOException {
    this.formPatience = formPatience;
    this.store = store;
    this.channel = channel;
    this.address = (InetSocketAddress) channel.getLocalAddress();
  }

  /** Called by the HTTP server each time it starts. */
  @Override
  public synchronized Connector createConnector(Server server) {
    try {
      closeOthers(server);
      calm(server);
      SslContextFactory.Server factory = tlsFactory();
      tls = factory;
      ServerConnector connector =
          new ServerConnector(
              server,
              0,
              1,
              new SslConnectionFactory(factory, "http/1.1"),
              new HttpConnectionFactory(httpConfiguration()));
      connector.setIdleTimeout(IDLE.toMillis());
      connector.setHost(address.getAddress().getHostAddress());
      connector.open(openChannel());
      return connector;
    } catch (IOException e) {
      throw new UncheckedIOException("the console's socket cannot be used: " + e.getMessage(), e);
    } catch (CertificateStoreException e) {
      throw new IllegalStateException(
          "the console's certificate cannot be used: " + e.getMessage(), e);
    }
  }

  /** Uses the present certificate for new connections; returns whether there was another before. */
  synchronized boolean reload() throws CertificateStoreException {
    SslContextFactory.Server factory = tls;
    if (factory == null) {
      return false;
    }
    SSLContext context = store.serverContext(ConsoleIdentity.NAME, "");
    try {
      factory.reload(reloaded -> reloaded.setSslContext(context));
      return true;
    } catch (Exception e) { // declared so by Jetty
      throw new CertificateStoreException("the HTTP server refused it: " + e.getMessage(), e);
    }
  }

  /** Gives the port back, if the HTTP server has not done so. */
  synchronized void close() {
    try {
      channel.close();
    } catch (IOException e) {
      LOG.warn("The console's socket could not be closed: {}", e.getMessage());
    }
  }

  private SslContextFactory.Server tlsFactory() throws CertificateStoreException {
    SslContextFactory.Server factory = new SslContextFactory.Server();
    factory.setSslContext(store.serverContext(ConsoleIdentity.NAME, ""));
    factory.setIncludeProtocols("TLSv1.3", "TLSv1.2");
    factory.setIncludeCipherSuites(
        "TLS_AES_.*", "TLS_CHACHA20_.*", "TLS_ECDHE_.*_GCM_.*", "TLS_ECDHE_.*_CHACHA20_.*");
    factory.setRenegotiationAllowed(false);
    factory.setSniRequired(false);
    return factory;
  }

  private HttpConfiguration httpConfiguration() {
    HttpConfiguration http = new HttpConfiguration();
    http.setSendServerVersion(false);
    http.setSendXPoweredBy(false);
    http.setRequestHeaderSize(HEADER_BYTES);
    http.setResponseHeaderSize(HEADER_BYTES);
    http.setMinRequestDataRate(MIN_BODY_RATE);
    // Names are checked by the guard against the configuration; SNI says nothing for addresses.
    http.addCustomizer(new SecureRequestCustomizer(false));
    http.addCustomizer(
        (request, headers) -> {
          SecurityHeaders.apply(headers::put);
          return request;
        });
    http.addCustomizer(
        (request, headers) -> {
          limit(request);
          return request;
        });
    return http;
  }

  /** The connection's own time-out starts again with every byte, so it ends no slow form. */
  private void limit(Request request) {
    if (!request.getMethod().equals("POST")
        || Zone.of(request.getHttpURI().getCanonicalPath()) != Zone.PUBLIC) {
      return;
    }
    EndPoint endPoint = request.getConnectionMetaData().getConnection().getEndPoint();
    Scheduler.Task end =
        request
            .getComponents()
            .getScheduler()
            .schedule(
                () -> endPoint.close(new TimeoutException("the form did not come in time")),
                formPatience.toMillis(),
                TimeUnit.MILLISECONDS);
    Request.addCompletionListener(request, failure -> end.cancel());
  }

  /** The server may have been stopped and started again, which closed our socket. */
  private ServerSocketChannel openChannel() throws IOException {
    if (!channel.isOpen()) {
      channel = Sockets.bind(address.getAddress().getHostAddress(), address.getPort());
    }
    return channel;
  }

  /**
   * Felix's server cannot start without a connector of its own; it goes as soon as ours is there.
   */
  private static void closeOthers(Server server) {
    for (Connector other : server.getConnectors()) {
      try {
        other.stop();
      } catch (Exception e) { // declared so by Jetty; it is removed all the same
        LOG.warn("A connector of the HTTP server did not stop cleanly: {}", e.getMessage());
      }
      server.removeConnector(other);
    }
  }

  /** A gateway serves a few browsers: few threads, and no error page that tells of the inside. */
  private static void calm(Server server) {
    server.setErrorHandler(new PlainErrors());
    if (server.getThreadPool() instanceof QueuedThreadPool pool) {
      pool.setMinThreads(MIN_THREADS);
      pool.setMaxThreads(MAX_THREADS);
    }
  }
}
