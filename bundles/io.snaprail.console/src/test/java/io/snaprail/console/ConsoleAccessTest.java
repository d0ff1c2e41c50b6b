package io.snaprail.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.snaprail.api.audit.AuditEvent;
import io.snaprail.api.security.AccessTokens;
import io.snaprail.api.security.Role;
import io.snaprail.console.internal.access.SecurityHeaders;
import io.snaprail.console.internal.access.Sessions;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who gets in, over real HTTPS: the guard, the forms, Felix's pages behind them. */
class ConsoleAccessTest {
  private ConsoleHarness console;
  private Browser browser;

  @BeforeEach
  void start() throws Exception {
    console = new ConsoleHarness(0);
    browser = new Browser(console.base);
  }

  @AfterEach
  void stop() throws Exception {
    console.close();
  }

  private HttpRequest.Builder felixPost() {
    return browser
        .request("/system/console/bundles")
        .header("Origin", browser.origin())
        .POST(BodyPublishers.ofString("action=stop"));
  }

  private static void hasSecurityHeaders(HttpResponse<String> response, boolean strict) {
    assertThat(response.headers().map())
        .as("%s %s", response.request().uri(), response.statusCode())
        .containsEntry("x-content-type-options", List.of("nosniff"))
        .containsEntry("referrer-policy", List.of("no-referrer"))
        .containsEntry("strict-transport-security", List.of("max-age=31536000"))
        .containsEntry("cache-control", List.of("no-store"))
        .containsEntry(
            "content-security-policy",
            List.of(strict ? SecurityHeaders.STRICT_CSP : SecurityHeaders.FOREIGN_CSP))
        .doesNotContainKeys("server", "x-powered-by");
  }

  // ---- first visit

  @Test
  void theClaimTokenMakesTheAdministratorAndLogsIn() throws Exception {
    console.gateway.claimed = false;
    assertThat(browser.get("/").headers().firstValue("Location")).hasValue("/claim");
    assertThat(browser.get("/login").headers().firstValue("Location")).hasValue("/claim");
    Map<String, String> form =
        new TreeMap<>(
            Map.of(
                "token",
                "guess",
                "name",
                "eva",
                "password",
                "twelve chars!",
                "repeat",
                "twelve chars!",
                "_csrf",
                Browser.formToken(browser.get("/claim"))));

    assertThat(browser.send(browser.formRequest("/claim", form)).statusCode()).isEqualTo(401);
    form.put("token", FakeGateway.CLAIM_TOKEN);
    form.put("repeat", "another");
    assertThat(browser.send(browser.formRequest("/claim", form)).statusCode()).isEqualTo(422);
    form.put("repeat", "twelve chars!");
    HttpResponse<String> done = browser.send(browser.formRequest("/claim", form));

    assertThat(done.headers().firstValue("Location")).hasValue("/points");
    assertThat(browser.get("/points").statusCode()).isEqualTo(200);
    assertThat(browser.get("/claim").headers().firstValue("Location")).hasValue("/login");
  }

  // ---- logging in

  @Test
  void whoIsNotLoggedInIsLedToTheForm() throws Exception {
    for (String path : List.of("/points", "/system/console/bundles?x=1", "/nothing")) {
      HttpResponse<String> response = browser.get(path);
      assertThat(response.statusCode()).as(path).isEqualTo(303);
      assertThat(response.headers().firstValue("Location").orElseThrow())
          .startsWith("/login?next=%2F");
    }
    assertThat(browser.get("/api/v1/points").statusCode()).isEqualTo(401);
    assertThat(browser.get("/metrics").statusCode()).isEqualTo(401);
  }

  /** OWASP ASVS 5.0, 3.3.1 and 7.2.4: cookie attributes; a new session id at login. */
  @Test
  void loggingInGivesAnIdThatNobodyHasSeenBefore() throws Exception {
    HttpResponse<String> first = browser.login("admin");
    String cookie =
        first.headers().allValues("Set-Cookie").stream()
            .filter(c -> c.startsWith(Sessions.COOKIE + "="))
            .findFirst()
            .orElseThrow();
    assertThat(cookie).endsWith("; Path=/; Secure; HttpOnly; SameSite=Strict");
    String old = browser.cookies.get(Sessions.COOKIE);

    Browser planted = new Browser(console.base);
    planted.cookies.put(Sessions.COOKIE, "A".repeat(43));
    planted.login("admin");

    assertThat(planted.cookies.get(Sessions.COOKIE)).isNotEqualTo("A".repeat(43)).isNotEqualTo(old);
  }

  @Test
  void aWrongPasswordSaysNothingButNo() throws Exception {
    HttpResponse<String> response = browser.login("admin", "wrong");

    assertThat(response.statusCode()).isEqualTo(401);
    assertThat(response.body()).contains("Name or password is wrong.");
    assertThat(browser.cookies).doesNotContainKey(Sessions.COOKIE);
  }

  @Test
  void backOffTellsHowLongToWait() throws Exception {
    console.gateway.loginPause = Duration.ofMillis(64_500);

    HttpResponse<String> response = browser.login("admin");

    assertThat(response.statusCode()).isEqualTo(429);
    assertThat(response.headers().firstValue("Retry-After")).hasValue("65");
    assertThat(response.body()).contains("data-wait=\"65\"");
  }

  @Test
  void theFormToLogInNeedsItsOwnToken() throws Exception {
    browser.get("/login");
    Map<String, String> form =
        Map.of("name", "admin", "password", FakeGateway.PASSWORD, "_csrf", "x");

    assertThat(browser.send(browser.formRequest("/login", form)).statusCode()).isEqualTo(403);
  }

  @Test
  void anIdleSessionIsOver() throws Exception {
    browser.login("admin");
    console.nanos.addAndGet(Duration.ofMinutes(10).toNanos());

    assertThat(browser.get("/points").statusCode()).isEqualTo(303);
  }

  @Test
  void loggingOutEndsTheSessionAndIsAudited() throws Exception {
    browser.login("admin");
    String csrf = browser.csrf();
    String id = browser.cookies.get(Sessions.COOKIE);
    assertThat(browser.get("/logout").statusCode()).isEqualTo(405);

    browser.send(browser.formRequest("/logout", Map.of("_csrf", csrf)));
    browser.cookies.put(Sessions.COOKIE, id);

    assertThat(browser.get("/points").statusCode()).isEqualTo(303);
    assertThat(console.gateway.audited)
        .extracting(AuditEvent::action)
        .contains(AuditEvent.Action.LOGOUT);
  }

  // ---- Felix's pages

  @Test
  void felixPagesAreForAdministrators() throws Exception {
    browser.login("viewer");
    assertThat(browser.get("/system/console/bundles").statusCode()).isEqualTo(403);
    assertThat(browser.get("/tokens").statusCode()).isEqualTo(403);

    Browser admin = new Browser(console.base);
    admin.login("admin");
    assertThat(admin.get("/system/console/bundles").statusCode()).isEqualTo(200);
    assertThat(admin.get("/tokens").statusCode()).isEqualTo(200);
  }

  @Test
  void felixPagesGetTheTokenAndKeepOurHeaders() throws Exception {
    browser.login("admin");

    HttpResponse<String> page = browser.get("/system/console/bundles");

    assertThat(page.body())
        .contains("<head>\n<meta name=\"snaprail-csrf\" content=\"" + browser.csrf() + "\"")
        .contains("/felix.js\"></script>\n<title>Bundles</title>");
    hasSecurityHeaders(page, false);
  }

  @Test
  void aChangeThroughFelixIsAuditedBeforeItIsMade() throws Exception {
    browser.login("admin");
    String csrf = browser.csrf();

    assertThat(browser.send(felixPost().header("X-Snaprail-Csrf", csrf)).statusCode())
        .isEqualTo(200);

    assertThat(console.felix.changes).hasValue(1);
    AuditEvent event = console.gateway.audited.get(0);
    assertThat(event.action()).isEqualTo(AuditEvent.Action.CONSOLE);
    assertThat(event.actor()).isEqualTo("admin");
    assertThat(event.subject()).isEqualTo("/system/console/bundles");
  }

  @Test
  void withoutAuditNothingIsChanged() throws Exception {
    browser.login("admin");
    String csrf = browser.csrf();
    console.gateway.auditWorks = false;

    HttpResponse<String> response = browser.send(felixPost().header("X-Snaprail-Csrf", csrf));

    assertThat(response.statusCode()).isEqualTo(503);
    assertThat(response.body()).contains("audit.log is read-only");
    assertThat(console.felix.changes).hasValue(0);
  }

  @Test
  void ourEntryInFelixMenuLeadsToThePoints() throws Exception {
    browser.login("admin");

    assertThat(browser.get("/system/console/snaprail").headers().firstValue("Location"))
        .hasValue("/points");
  }

  // ---- tokens of scripts

  @Test
  void aTokenNeedsNoCookieAndNoCsrf() throws Exception {
    console.gateway.tokens.put(
        "t", new AccessTokens.TokenInfo("t", Role.OPERATOR, FakeGateway.T0, "eva", null));

    assertThat(
            browser
                .send(
                    browser
                        .request("/api/v1/points/boiler/setpoint")
                        .header("Authorization", "Bearer srt_t")
                        .POST(BodyPublishers.ofString("{\"value\":1}")))
                .statusCode())
        .isEqualTo(200);
    assertThat(
            browser
                .send(browser.request("/metrics").header("Authorization", "bearer srt_t"))
                .statusCode())
        .isEqualTo(200);
  }

  @Test
  void aBadTokenIsNotSavedByACookie() throws Exception {
    browser.login("admin");

    for (String header : List.of("Bearer srt_no", "Bearer ", "Basic YWRtaW46YWRtaW4=")) {
      assertThat(
              browser
                  .send(browser.request("/api/v1/points").header("Authorization", header))
                  .statusCode())
          .as(header)
          .isEqualTo(401);
    }
  }

  @Test
  void aTokenOpensNoPages() throws Exception {
    console.gateway.tokens.put(
        "t", new AccessTokens.TokenInfo("t", Role.ADMIN, FakeGateway.T0, "eva", null));

    for (String path : List.of("/points", "/system/console/bundles")) {
      assertThat(
              browser
                  .send(browser.request(path).header("Authorization", "Bearer srt_t"))
                  .statusCode())
          .isEqualTo(303);
    }
  }

  // ---- what holds for every answer

  @Test
  void everyAnswerCarriesTheSecurityHeaders() throws Exception {
    hasSecurityHeaders(browser.get("/login"), true);
    hasSecurityHeaders(browser.get("/"), true);
    hasSecurityHeaders(browser.get("/api/v1/points"), true);
    hasSecurityHeaders(browser.send(browser.request("/").header("Host", "evil.example")), true);
    browser.login("admin");
    for (String path : List.of("/points", "/tokens", "/api/v1/points", "/api/no", "/metrics")) {
      hasSecurityHeaders(browser.get(path), true);
    }
    hasSecurityHeaders(browser.get("/nothing"), false);
    hasSecurityHeaders(browser.send(felixPost()), false);
  }

  @Test
  void onlyFilesWithAHashInTheirAddressAreKeptByBrowsers() throws Exception {
    String page = browser.get("/login").body();
    String sheet =
        Browser.find(java.util.regex.Pattern.compile("href=\"(/snaprail/[^\"]+css)\""), page);

    HttpResponse<String> response = browser.get(sheet);

    assertThat(response.headers().firstValue("Cache-Control").orElseThrow()).contains("immutable");
    assertThat(response.headers().firstValue("Content-Type").orElseThrow()).startsWith("text/css");
    assertThat(browser.get("/snaprail/x/app.css").statusCode()).isEqualTo(404);
  }

  /** What the HTTP server refuses before any servlet sees it has headers too and no inside. */
  @Test
  void aMalformedRequestGetsAPlainAnswer() throws Exception {
    String answer = raw("GET /%2e%2e/%2fetc HTTP/1.1\r\nHost: localhost\r\n\r\n");

    assertThat(answer)
        .startsWith("HTTP/1.1 400")
        .containsIgnoringCase("x-content-type-options: nosniff")
        .doesNotContain("jetty")
        .doesNotContain("Exception");
  }

  @Test
  void plainHttpIsNotSpoken() throws Exception {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), console.base.getPort())) {
      socket.setSoTimeout(5000);
      OutputStream out = socket.getOutputStream();
      out.write("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      out.flush();
      byte[] answer = socket.getInputStream().readAllBytes();
      assertThat(new String(answer, StandardCharsets.ISO_8859_1)).doesNotContain("HTTP/1");
    }
  }

  /** Refused by what they announce, before a byte of them is read. */
  @ParameterizedTest
  @CsvSource({
    "/api/v1/tokens, application/json, 65537, 413",
    "/api/v1/tokens, application/json, 65536, 403",
    "/login, application/x-www-form-urlencoded, 65537, 413",
    "/system/console/bundles, application/x-www-form-urlencoded, 1048577, 413",
    "/system/console/bundles, multipart/form-data; boundary=x, 1048577, 403",
    "/system/console/bundles, multipart/form-data; boundary=x, 67108865, 413"
  })
  void bodiesAreLimited(String path, String type, long length, int status) throws Exception {
    String answer =
        raw(
            "POST %s HTTP/1.1\r\nHost: localhost\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n"
                .formatted(path, type, length));

    assertThat(answer).startsWith("HTTP/1.1 " + status);
  }

  @Test
  void bodiesInChunksAndStrangeMethodsAreRefused() throws Exception {
    assertThat(raw("POST /login HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"))
        .startsWith("HTTP/1.1 411");
    assertThat(raw("TRACE / HTTP/1.1\r\nHost: localhost\r\n\r\n")).startsWith("HTTP/1.1 405");
  }

  private String raw(String request) throws Exception {
    try (SSLSocket socket =
        (SSLSocket)
            ConsoleHarness.trusting()
                .getSocketFactory()
                .createSocket("127.0.0.1", console.base.getPort())) {
      socket.setSoTimeout(5000);
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      socket.getOutputStream().flush();
      byte[] buffer = new byte[8192];
      int read = socket.getInputStream().read(buffer);
      return new String(buffer, 0, Math.max(0, read), StandardCharsets.ISO_8859_1);
    }
  }
}
