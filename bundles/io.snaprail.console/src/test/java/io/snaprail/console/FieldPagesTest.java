package io.snaprail.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The pages of the field side, as a browser asks for them. */
class FieldPagesTest {
  private static final Pattern ASSET = Pattern.compile("(?:src|href)=\"(/snaprail/[^\"]+)\"");

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

  @ParameterizedTest
  @ValueSource(
      strings = {"/devices", "/device?name=x", "/buses", "/maps", "/setup", "/uplinks", "/uplink"})
  void everythingThatAPageNamesIsThere(String path) throws Exception {
    browser.login("admin");
    HttpResponse<String> page = browser.get(path);

    assertThat(page.statusCode()).isEqualTo(200);
    assertThat(page.body()).doesNotContain("{{").doesNotContain("style=").doesNotContain("onclick");
    Matcher asset = ASSET.matcher(page.body());
    int found = 0;
    while (asset.find()) {
      assertThat(browser.get(asset.group(1)).statusCode()).as(asset.group(1)).isEqualTo(200);
      found++;
    }
    assertThat(found).isGreaterThanOrEqualTo(4);
  }

  @Test
  void whoMayOnlyLookSetsNothingUp() throws Exception {
    browser.login("viewer");
    for (String path : new String[] {"/devices", "/device", "/buses", "/maps"}) {
      assertThat(browser.get(path).statusCode()).as(path).isEqualTo(200);
    }
    assertThat(browser.get("/setup").statusCode()).isEqualTo(403);

    Browser operator = new Browser(console.base);
    operator.login("operator");
    assertThat(operator.get("/setup").statusCode()).isEqualTo(200);
  }

  @Test
  void theMenuShowsWhereAPageBelongs() throws Exception {
    browser.login("admin");

    assertThat(browser.get("/setup").body())
        .contains("<a href=\"/devices\" aria-current=\"page\">Devices</a>")
        .doesNotContain("<a href=\"/setup\"");
  }

  /** An open page asks again and again; only a person keeps a session alive. */
  @Test
  void whatAPageAsksByItselfKeepsNoSessionAlive() throws Exception {
    browser.login("admin");
    for (int i = 0; i < 3; i++) {
      console.nanos.addAndGet(Duration.ofMinutes(4).toNanos());
      browser.send(browser.request("/api/v1/devices").header("X-Snaprail-Unattended", "1"));
    }

    assertThat(browser.get("/devices").statusCode()).isEqualTo(303);
  }

  @Test
  void whatAPersonAsksForKeepsTheSessionAlive() throws Exception {
    browser.login("admin");
    for (int i = 0; i < 3; i++) {
      console.nanos.addAndGet(Duration.ofMinutes(4).toNanos());
      browser.get("/api/v1/devices");
    }

    assertThat(browser.get("/devices").statusCode()).isEqualTo(200);
  }
}
