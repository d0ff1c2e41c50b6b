package io.snaprail.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.snaprail.api.audit.AuditEvent;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Reads that Felix Web Console takes for changes are treated as changes, over real HTTPS. */
class ConsoleReadTest {
  private static final String PID = "/system/console/configMgr/some.pid";

  private ConsoleHarness console;
  private Browser browser;

  @BeforeEach
  void start() throws Exception {
    console = new ConsoleHarness(0);
    browser = new Browser(console.base);
    browser.login("admin");
  }

  @AfterEach
  void stop() throws Exception {
    console.close();
  }

  private HttpRequest.Builder ofOurPage(String method, String path) {
    return browser
        .request(path)
        .header("Sec-Fetch-Site", "same-origin")
        .method(method, BodyPublishers.noBody());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        PID + "?post=true&apply=true&delete=true",
        PID + "?%70ost=true&x=1",
        PID + "?x=1;y&post=true",
        PID + "?apply=1",
        PID + "?delete",
        PID + "?create=1",
        PID + "?unbind=1",
        "/system/console/bundles/1?action=stop",
        "/system/console/vmstat?shutdown_timer=1&shutdown_type=Stop",
        "/system/console/logout",
        "/system/console/logout/"
      })
  void aReadThatChangesNeedsTheToken(String path) throws Exception {
    for (String method : new String[] {"GET", "HEAD"}) {
      assertThat(browser.send(ofOurPage(method, path)).statusCode())
          .as("%s %s", method, path)
          .isEqualTo(403);
    }
    assertThat(console.felix.reads).hasValue(0);
    assertThat(browser.get("/points").statusCode()).isEqualTo(200);
  }

  @Test
  void aReadThatChangesNeedsToComeFromOurOwnPage() throws Exception {
    String csrf = browser.csrf();
    for (String site : new String[] {"none", "cross-site", "same-site"}) {
      HttpResponse<String> response =
          browser.send(
              browser
                  .request(PID + "?post=true&apply=true&delete=true")
                  .header("X-Snaprail-Csrf", csrf)
                  .header("Sec-Fetch-Site", site)
                  .header("Sec-Fetch-Mode", "navigate")
                  .header("Sec-Fetch-Dest", "document"));
      assertThat(response.statusCode()).as(site).isEqualTo(403);
    }
    assertThat(console.felix.reads).hasValue(0);
  }

  @Test
  void withTheTokenItPassesAndIsAudited() throws Exception {
    HttpRequest.Builder request =
        ofOurPage("GET", PID + "?post=true&ts=1").header("X-Snaprail-Csrf", browser.csrf());

    assertThat(browser.send(request).statusCode()).isEqualTo(200);

    assertThat(console.felix.reads).hasValue(1);
    assertThat(console.gateway.audited)
        .anySatisfy(
            event -> {
              assertThat(event.action()).isEqualTo(AuditEvent.Action.CONSOLE);
              assertThat(event.subject()).isEqualTo(PID);
              assertThat(event.details()).containsEntry("method", "GET");
            });
  }

  @Test
  void otherReadsNeedNoToken() throws Exception {
    for (String path :
        new String[] {
          "/system/console/configMgr",
          "/system/console/configMgr/.json?pidFilter=a",
          "/system/console/bundles/.json?filter=post"
        }) {
      assertThat(browser.get(path).statusCode()).as(path).isEqualTo(200);
    }
    assertThat(console.gateway.audited).isEmpty();
  }

  @Test
  void aReadWithABodyIsRefused() throws Exception {
    HttpRequest.Builder request =
        browser
            .request(PID)
            .header("Content-Type", "application/x-www-form-urlencoded")
            .method("GET", BodyPublishers.ofString("post=true&apply=true&delete=true"));

    assertThat(browser.send(request).statusCode()).isEqualTo(400);
    assertThat(console.felix.reads).hasValue(0);
  }

  @Test
  void optionsIsNotTaken() throws Exception {
    for (String path : new String[] {PID, "/points", "/login", "/api/v1/points"}) {
      assertThat(browser.send(ofOurPage("OPTIONS", path)).statusCode()).as(path).isEqualTo(405);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"plain", "writer", "none"})
  void anErrorOfAForeignPageIsShownWhateverTheStateOfItsAnswer(String how) throws Exception {
    HttpResponse<String> response = browser.get("/system/console/broken?how=" + how);

    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(response.body())
        .contains("The request was refused.")
        .doesNotContain("half a page")
        .doesNotContain("more of it");
  }
}
