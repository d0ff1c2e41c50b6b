package io.snaprail.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What other sites make a browser send is refused, over real HTTPS. */
class ConsoleForgeryTest {
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

  @Test
  void aChangeNeedsTheTokenOfItsOwnSession() throws Exception {
    browser.login("admin");
    Browser other = new Browser(console.base);
    other.login("admin");

    for (String token : List.of("", "x", other.csrf())) {
      HttpResponse<String> response = browser.send(felixPost().header("X-Snaprail-Csrf", token));
      assertThat(response.statusCode()).as("token '%s'", token).isEqualTo(403);
      assertThat(response.body()).contains("token of your session");
    }
    assertThat(browser.send(felixPost()).statusCode()).isEqualTo(403);
    assertThat(console.felix.changes).hasValue(0);
  }

  @Test
  void theTokenIsNeverTakenFromTheAddress() throws Exception {
    browser.login("admin");
    String csrf = browser.csrf();

    HttpResponse<String> response =
        browser.send(
            browser.formRequest("/system/console/bundles?_csrf=" + csrf, Map.of("action", "x")));

    assertThat(response.statusCode()).isEqualTo(403);
  }

  /** Headers as browsers send them from elsewhere, with a token that would be right. */
  @ParameterizedTest
  @CsvSource({
    "https://evil.example, ''",
    "https://evil.example, cross-site",
    "null, ''",
    "null, cross-site",
    "null, same-site",
    "'', cross-site",
    "'', none",
    "'', ''",
    "http://127.0.0.1, ''",
    "https://127.0.0.1, ''",
    "https://127.0.0.1.evil.example, same-site"
  })
  void aChangeFromAnotherSiteIsRefusedEvenWithTheToken(String origin, String site)
      throws Exception {
    browser.login("admin");
    HttpRequest.Builder request =
        browser
            .request("/system/console/bundles")
            .header("X-Snaprail-Csrf", browser.csrf())
            .POST(BodyPublishers.ofString("a=b"));
    if (!origin.isEmpty()) {
      request.header("Origin", origin);
    }
    if (!site.isEmpty()) {
      request.header("Sec-Fetch-Site", site);
    }

    assertThat(browser.send(request).statusCode()).isEqualTo(403);
    assertThat(console.felix.changes).hasValue(0);
  }

  @Test
  void anotherSiteCannotReadButMayLink() throws Exception {
    browser.login("admin");

    assertThat(
            browser
                .send(
                    browser
                        .request("/api/v1/points")
                        .header("Sec-Fetch-Site", "cross-site")
                        .header("Sec-Fetch-Mode", "no-cors")
                        .header("Sec-Fetch-Dest", "script"))
                .statusCode())
        .isEqualTo(403);
    assertThat(
            browser
                .send(
                    browser
                        .request("/points")
                        .header("Sec-Fetch-Site", "cross-site")
                        .header("Sec-Fetch-Mode", "navigate")
                        .header("Sec-Fetch-Dest", "document"))
                .statusCode())
        .isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(strings = {"evil.example", "evil.example:8443", "127.0.0.1.evil.example"})
  void aForeignHostNameIsRefused(String host) throws Exception {
    browser.login("admin");

    HttpResponse<String> response =
        browser.send(browser.request("/api/v1/points").header("Host", host));

    assertThat(response.statusCode()).isEqualTo(421);
    assertThat(browser.send(browser.request("/points").header("Host", "gateway.example")))
        .extracting(HttpResponse::statusCode)
        .isEqualTo(200);
  }
}
