package io.snaprail.deploy.internal.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.snaprail.api.deploy.DeploymentOrder;
import io.snaprail.api.deploy.DeploymentOrder.Action;
import io.snaprail.deploy.internal.DeployException;
import io.snaprail.deploy.internal.Wildcards;
import io.snaprail.deploy.testing.TestSigner;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FetcherTest {
  @TempDir static Path keys;
  private static SSLContext tls;

  @TempDir Path folder;
  private final byte[] bundle = new byte[300_000];
  private final List<String> ranges = new CopyOnWriteArrayList<>();
  private HttpsServer server;
  private Handler handler;
  private String sha256;

  /** Answers the request of a number, from 0. */
  @FunctionalInterface
  private interface Handler {
    void answer(int number, HttpExchange exchange) throws IOException;
  }

  @BeforeAll
  static void makeKeys() throws Exception {
    TestSigner made =
        new TestSigner(keys).root("root").signer("localhost", "root", "-ext", "san=dns:localhost");
    KeyManagerFactory managers = KeyManagerFactory.getInstance("PKIX");
    managers.init(made.keys(), "changeit".toCharArray());
    KeyStore roots = KeyStore.getInstance("PKCS12");
    roots.load(null, null);
    roots.setCertificateEntry("root", made.certificate("root"));
    TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
    trust.init(roots);
    tls = SSLContext.getInstance("TLS");
    tls.init(managers.getKeyManagers(), trust.getTrustManagers(), null);
  }

  @BeforeEach
  void start() throws Exception {
    new Random(1).nextBytes(bundle);
    Files.write(folder.resolve("b.jar"), bundle);
    sha256 = Fetcher.sha256(folder.resolve("b.jar"));
    server = HttpsServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), 0);
    server.setHttpsConfigurator(new HttpsConfigurator(tls));
    server.createContext(
        "/",
        exchange -> {
          int number = ranges.size();
          ranges.add(String.valueOf(exchange.getRequestHeaders().getFirst("Range")));
          handler.answer(number, exchange);
          exchange.close();
        });
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private Fetcher fetcher(long most) {
    return new Fetcher(
        folder.resolve("inbox"),
        folder.resolve("staging"),
        new HttpsAccess(new Wildcards(List.of("localhost")), tls::getSocketFactory),
        new Fetcher.Limits(most, Duration.ofSeconds(30), Duration.ofMillis(10)));
  }

  private Fetcher.Fetched fetch() throws Exception {
    return fetcher(1 << 20).fetch(order(sha256), words -> {});
  }

  private DeploymentOrder order(String digest) {
    String url = "https://localhost:" + server.getAddress().getPort() + "/b.jar?sig=SECRET";
    return new DeploymentOrder("1", Action.INSTALL, "", "", url, digest, "test", "test");
  }

  private void whole(HttpExchange exchange) throws IOException {
    exchange.sendResponseHeaders(200, bundle.length);
    exchange.getResponseBody().write(bundle);
  }

  @Test
  void bundleIsFetched() throws Exception {
    handler = (number, exchange) -> whole(exchange);
    Fetcher.Fetched fetched = fetch();
    assertThat(Files.readAllBytes(fetched.file())).isEqualTo(bundle);
    assertThat(fetched.sha256()).isEqualTo(sha256);
  }

  // RFC 9110, section 14.2.
  @Test
  void downloadThatIsCutGoesOnWhereItWas() throws Exception {
    handler =
        (number, exchange) -> {
          if (number == 0) {
            exchange.sendResponseHeaders(200, bundle.length);
            exchange.getResponseBody().write(bundle, 0, 100_000);
            exchange.getResponseBody().flush();
            throw new IOException("cut");
          }
          int from = Integer.parseInt(ranges.get(number).replaceAll("\\D", ""));
          exchange.getResponseHeaders().set("Content-Range", "bytes " + from + "-299999/300000");
          exchange.sendResponseHeaders(206, bundle.length - from);
          exchange.getResponseBody().write(bundle, from, bundle.length - from);
        };
    assertThat(Files.readAllBytes(fetch().file())).isEqualTo(bundle);
    assertThat(ranges).hasSize(2);
    assertThat(ranges.get(1)).startsWith("bytes=").isNotEqualTo("bytes=0-");
  }

  @Test
  void whatIsLeftOfSomethingElseIsFetchedAnew() throws Exception {
    Files.createDirectories(folder.resolve("staging"));
    Files.write(folder.resolve("staging/" + sha256 + ".part"), new byte[300_000]);
    handler =
        (number, exchange) -> {
          if (number == 0) {
            exchange.sendResponseHeaders(416, -1);
          } else {
            whole(exchange);
          }
        };
    assertThat(Files.readAllBytes(fetch().file())).isEqualTo(bundle);
  }

  @Test
  void serverThatIsBusyIsAskedAgain() throws Exception {
    handler =
        (number, exchange) -> {
          if (number < 2) {
            exchange.sendResponseHeaders(503, -1);
          } else {
            whole(exchange);
          }
        };
    assertThat(fetch().sha256()).isEqualTo(sha256);
  }

  @Test
  void whatIsForbiddenOrGoneFailsAtOnce() {
    handler = (number, exchange) -> exchange.sendResponseHeaders(403, -1);
    assertThatThrownBy(this::fetch)
        .hasMessageContaining("answers 403; a presigned address may be too old")
        .message()
        .doesNotContain("SECRET");
    assertThat(ranges).hasSize(1);
  }

  @Test
  void serverThatNeverAnswersWellIsGivenUp() {
    handler = (number, exchange) -> exchange.sendResponseHeaders(500, -1);
    assertThatThrownBy(this::fetch)
        .hasMessageContaining("cannot fetch https://localhost")
        .message()
        .doesNotContain("SECRET");
    assertThat(ranges).hasSize(4);
  }

  @Test
  void anotherDigestIsRefused() {
    handler = (number, exchange) -> whole(exchange);
    String other = "0".repeat(64);
    assertThatThrownBy(() -> fetcher(1 << 20).fetch(order(other), words -> {}))
        .isInstanceOfSatisfying(DeployException.class, e -> assertThat(e.refused()).isTrue())
        .hasMessageContaining("expected " + other + ", found " + sha256);
    assertThat(folder.resolve("staging")).isEmptyDirectory();
  }

  @Test
  void whatIsTooLargeIsRefusedWithAndWithoutItsLength() {
    handler = (number, exchange) -> whole(exchange);
    assertThatThrownBy(() -> fetcher(1_000).fetch(order(sha256), words -> {}))
        .hasMessageContaining("larger than 'max.bytes'");
    handler =
        (number, exchange) -> {
          exchange.sendResponseHeaders(200, 0);
          exchange.getResponseBody().write(bundle);
        };
    assertThatThrownBy(() -> fetcher(1_000).fetch(order(sha256), words -> {}))
        .hasMessageContaining("larger than 'max.bytes'");
  }

  @Test
  void redirectionIsFollowedToAllowedHostsOnly() throws Exception {
    handler =
        (number, exchange) -> {
          if (number == 0) {
            exchange.getResponseHeaders().set("Location", "/elsewhere.jar");
            exchange.sendResponseHeaders(302, -1);
          } else {
            whole(exchange);
          }
        };
    assertThat(fetch().sha256()).isEqualTo(sha256);
    handler =
        (number, exchange) -> {
          exchange.getResponseHeaders().set("Location", "https://evil.org/x.jar");
          exchange.sendResponseHeaders(302, -1);
        };
    Files.deleteIfExists(folder.resolve("staging/" + sha256 + ".part"));
    assertThatThrownBy(this::fetch).hasMessageContaining("'evil.org' is not allowed");
  }

  @Test
  void fileIsPutToAnAddress() throws Exception {
    List<byte[]> bodies = new CopyOnWriteArrayList<>();
    handler =
        (number, exchange) -> {
          bodies.add(exchange.getRequestBody().readAllBytes());
          exchange.sendResponseHeaders(number == 0 ? 500 : 200, -1);
        };
    HttpsAccess https = new HttpsAccess(new Wildcards(List.of("localhost")), tls::getSocketFactory);
    new Upload(https).put(folder.resolve("b.jar"), order(sha256).url());
    assertThat(bodies).hasSize(2);
    assertThat(Arrays.equals(bodies.get(1), bundle)).isTrue();
    handler =
        (number, exchange) -> {
          exchange.getRequestBody().readAllBytes();
          exchange.sendResponseHeaders(403, -1);
        };
    assertThatThrownBy(() -> new Upload(https).put(folder.resolve("b.jar"), order(sha256).url()))
        .hasMessageContaining("403")
        .message()
        .doesNotContain("SECRET");
  }
}
