package io.snaprail.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.snaprail.api.certificate.IdentityListener;
import io.snaprail.api.health.ProblemBoard;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Clock;
import java.util.Dictionary;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.felix.http.jetty.ConnectorFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;

class ConsoleConnectorTest {
  private final FakeStore store = new FakeStore(Clock.systemUTC());
  private final FakeGateway gateway = new FakeGateway();
  private final ProblemBoard board = gateway.problems().orElseThrow();

  /** Registered services and their addresses; an empty text for those without. */
  private final Map<Object, String> services = new ConcurrentHashMap<>();

  private ConsoleConnector connector;

  @AfterEach
  void stop() throws Exception {
    if (connector != null) {
      connector.deactivate();
    }
  }

  private ConsoleConnector start(String host, int port) {
    connector = new ConsoleConnector(context(), store, board, ConsoleHarness.config(host, port));
    return connector;
  }

  private BundleContext context() {
    return (BundleContext)
        Proxy.newProxyInstance(
            getClass().getClassLoader(),
            new Class<?>[] {BundleContext.class},
            (proxy, method, arguments) -> {
              assertThat(method.getName()).isEqualTo("registerService");
              Dictionary<?, ?> properties = (Dictionary<?, ?>) arguments[2];
              Object url = properties == null ? "" : properties.get(ConsoleConnector.URL);
              services.put(arguments[1], String.valueOf(url));
              return registration(arguments[1]);
            });
  }

  private ServiceRegistration<?> registration(Object service) {
    return (ServiceRegistration<?>)
        Proxy.newProxyInstance(
            getClass().getClassLoader(),
            new Class<?>[] {ServiceRegistration.class},
            (proxy, method, arguments) -> {
              services.remove(service);
              return null;
            });
  }

  private ConnectorFactory factory() {
    await().until(() -> services.keySet().stream().anyMatch(ConnectorFactory.class::isInstance));
    return (ConnectorFactory)
        services.keySet().stream().filter(ConnectorFactory.class::isInstance).findFirst().get();
  }

  @Test
  void offersItsSocketAndItsAddress() {
    start("127.0.0.1", 0);

    assertThat(services.get(factory())).matches("https://127\\.0\\.0\\.1:\\d{4,5}/");
    assertThat(store.identities).containsKey("console");
    assertThat(board.problems()).isEmpty();
    assertThat(services.keySet()).anyMatch(IdentityListener.class::isInstance);
  }

  @Test
  void aTakenPortIsAProblemThatNamesItAndGoesAwayByItself() throws Exception {
    try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      start("127.0.0.1", other.getLocalPort());
      await().until(() -> !board.problems().isEmpty());
      assertThat(board.problems().get(0).problem().message())
          .contains("127.0.0.1:" + other.getLocalPort())
          .contains("another program has that port")
          .contains("\"port\" in config/io.snaprail.console.json");
    }

    factory();
    assertThat(board.problems()).isEmpty();
  }

  @Test
  void anAddressOfAnotherMachineIsAProblem() {
    start("192.0.2.1", 8443); // RFC 5737: nobody's
    await().until(() -> !board.problems().isEmpty());

    assertThat(board.problems().get(0).problem().message())
        .contains("192.0.2.1:8443")
        .contains("\"host\"");
  }

  @Test
  void whateverElseTheServerListenedOnIsClosed() throws Exception {
    Server server = new Server();
    ServerConnector other = new ServerConnector(server);
    other.setHost("127.0.0.1");
    server.addConnector(other);
    server.start();
    start("127.0.0.1", 0);
    var made = factory().createConnector(server);
    server.addConnector(made);
    made.start();

    assertThat(other.isRunning()).isFalse();
    assertThat(server.getConnectors()).containsExactly(made);
    server.stop();
  }

  /** Felix stops and starts its server when its configuration changes. */
  @Test
  void aServerThatStartsAgainGetsTheSamePort() throws Exception {
    start("127.0.0.1", 0);
    ConnectorFactory factory = factory();
    int first = serveOnce(factory);

    assertThat(serveOnce(factory)).isEqualTo(first);
  }

  private static int serveOnce(ConnectorFactory factory) throws Exception {
    Server server = new Server();
    ServerConnector made = (ServerConnector) factory.createConnector(server);
    server.addConnector(made);
    server.start();
    int port = made.getLocalPort();
    server.stop();
    return port;
  }

  @Test
  void givesThePortBack() throws Exception {
    ConsoleConnector started = start("127.0.0.1", 0);
    int port = Integer.parseInt(services.get(factory()).replaceAll(".*:(\\d+)/", "$1"));
    started.deactivate();
    connector = null;

    assertThat(services).isEmpty();
    try (Socket socket = new Socket()) {
      org.assertj.core.api.Assertions.assertThatThrownBy(
              () ->
                  socket.connect(
                      new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1000))
          .isInstanceOf(java.net.ConnectException.class);
    }
  }
}
