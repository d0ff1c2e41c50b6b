package io.snaprail.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.gson.JsonObject;
import io.snaprail.api.audit.Actor;
import io.snaprail.api.audit.AuditEvent;
import io.snaprail.api.console.ConsoleAnswer;
import io.snaprail.api.console.ConsoleExtension;
import io.snaprail.api.health.ProblemBoard;
import io.snaprail.api.security.Role;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What io.snaprail.api.console promises to extensions and to the rest of the console. */
class ExtensionTest {
  private static final Pattern SCRIPT =
      Pattern.compile("src=\"(/ext/extra/files/[^\"]+first\\.js)\"");

  private final FakeExtension extra = new FakeExtension("extra");
  private ApiCalls calls;

  @BeforeEach
  void start() throws Exception {
    calls = new ApiCalls();
    calls.console.gateway.extensions.add(extra, 7);
  }

  @AfterEach
  void stop() throws Exception {
    extra.hold.countDown();
    calls.close();
  }

  private Browser loggedIn(String name) throws Exception {
    Browser browser = new Browser(calls.console.base);
    browser.login(name);
    return browser;
  }

  @Test
  void aPageStandsInTheMenuWithItsTabsAndFiles() throws Exception {
    Browser browser = loggedIn("admin");

    String page = browser.get("/ext/extra/first").body();
    String script = Browser.find(SCRIPT, page);

    assertThat(browser.get("/points").body())
        .contains("<a href=\"/ext/extra/first\">Extra &lt;extra&gt;</a>");
    assertThat(page)
        .contains("<a href=\"/ext/extra/first\" aria-current=\"page\">Extra &lt;extra&gt;</a>")
        .contains("<a href=\"/ext/extra/second\">Second</a>")
        .contains("<h1>First</h1>", "common.js", "<title>First · Extra &lt;extra&gt; · Snaprail");
    HttpResponse<String> file = browser.get(script);
    assertThat(file.body()).isEqualTo("'use strict';");
    assertThat(file.headers().firstValue("Cache-Control")).get().asString().contains("immutable");
    assertThat(file.headers().firstValue("Content-Security-Policy"))
        .get()
        .asString()
        .contains("script-src 'self';");
  }

  /** ConsoleExtension.file: "browsers get only css, js, svg, png and txt". */
  @Test
  void nothingElseOfTheBundleIsServed() throws Exception {
    Browser browser = loggedIn("admin");
    String root = Browser.find(SCRIPT, browser.get("/ext/extra/first").body());
    root = root.substring(0, root.indexOf("a/first.js"));

    for (String path :
        List.of(
            root + "Secret.class",
            root + "first.html",
            root + "a/%2e%2e/a/first.js",
            root + ".hidden.js",
            root + "lost.js",
            root.replace("/7/", "/6/") + "a/first.js",
            "/ext/extra/files/first.js",
            "/ext/extra",
            "/ext/extra/",
            "/ext/extra/none",
            "/ext/none/first",
            "/ext/")) {
      assertThat(browser.get(path).statusCode()).as(path).isBetween(400, 499);
    }
    assertThat(browser.get("/ext/extra/lost").statusCode()).isEqualTo(500);
    assertThat(browser.send(browser.jsonRequest("POST", "/ext/extra/first", "{}")).statusCode())
        .isEqualTo(403);
  }

  @Test
  void rolesHoldForPagesAndCalls() throws Exception {
    Browser viewer = loggedIn("viewer");

    assertThat(viewer.get("/ext/extra/second").statusCode()).isEqualTo(403);
    assertThat(viewer.get("/ext/extra/first").body()).doesNotContain("/ext/extra/second");
    assertThat(calls.send(Role.VIEWER, "PUT", "/api/v1/ext/extra/things/a", "{}").statusCode())
        .isEqualTo(403);
    Browser stranger = new Browser(calls.console.base);
    assertThat(stranger.get("/ext/extra/first").headers().firstValue("Location"))
        .hasValue("/login?next=%2Fext%2Fextra%2Ffirst");
    assertThat(stranger.get("/api/v1/ext/extra/things/a").statusCode()).isEqualTo(401);
    assertThat(extra.requests).isEmpty();
  }

  @Test
  void aCallIsGivenPathQueryBodyAndCaller() throws Exception {
    HttpResponse<String> response =
        calls.send(
            Role.OPERATOR,
            "PUT",
            "/api/v1/ext/extra/things/b%C3%BCro?a=1&a=2",
            "{\"x\":1}",
            "Content-Type",
            "application/json; charset=utf-8");

    assertThat(response.statusCode()).isEqualTo(201);
    assertThat(response.body()).isEqualTo("{\"done\":true}");
    assertThat(extra.requests)
        .singleElement()
        .satisfies(
            request -> {
              assertThat(request.parameter("name")).isEqualTo("büro");
              assertThat(request.query("a")).hasValue("1");
              assertThat(request.type()).isEqualTo("application/json");
              assertThat(request.body()).isEqualTo("{\"x\":1}");
              assertThat(request.actor()).isEqualTo("token:OPERATOR");
              assertThat(request.caller().role()).isEqualTo(Role.OPERATOR);
              assertThat(request.origin()).isEqualTo("127.0.0.1");
            });
  }

  @Test
  void jsonIsStrictAndOtherTextMayBeLarge() throws Exception {
    String path = "/api/v1/ext/extra/ask";
    String[] json = {"Content-Type", "application/json"};

    assertThat(calls.send(Role.VIEWER, "POST", path, "{a:1}", json).statusCode()).isEqualTo(400);
    assertThat(calls.send(Role.VIEWER, "POST", path, "[]", json).statusCode()).isEqualTo(400);
    assertThat(extra.requests).isEmpty();
    assertThat(calls.send(Role.VIEWER, "POST", path, "x".repeat(200_000)).statusCode())
        .isEqualTo(201);
  }

  @Test
  void aSessionsChangeNeedsItsToken() throws Exception {
    Browser browser = loggedIn("operator");

    assertThat(
            browser
                .send(browser.jsonRequest("PUT", "/api/v1/ext/extra/things/a", "{}"))
                .statusCode())
        .isEqualTo(403);
    assertThat(extra.requests).isEmpty();
    assertThat(
            browser
                .send(
                    browser
                        .jsonRequest("PUT", "/api/v1/ext/extra/things/a", "{}")
                        .header("X-Snaprail-Csrf", browser.csrf()))
                .statusCode())
        .isEqualTo(201);
  }

  /** ConsoleCall.changes: "a line of the audit log is on disk before it is made". */
  @Test
  void changesAreAuditedAndNothingElse() throws Exception {
    calls.get("/api/v1/ext/extra/things/a");
    calls.send(Role.VIEWER, "POST", "/api/v1/ext/extra/ask", "{}");
    assertThat(calls.console.gateway.audited).isEmpty();

    calls.send(Role.OPERATOR, "PUT", "/api/v1/ext/extra/things/a", "{}");
    assertThat(calls.console.gateway.audited)
        .singleElement()
        .satisfies(
            event -> {
              assertThat(event.action()).isEqualTo(AuditEvent.Action.CONSOLE);
              assertThat(event.actor()).isEqualTo("token:OPERATOR");
              assertThat(event.subject()).isEqualTo("/api/v1/ext/extra/things/a");
              assertThat(event.details()).containsEntry("change", "Extra <extra>: Change a thing");
            });

    assertThat(extra.actors)
        .as("what services audit below it has the caller's name")
        .last()
        .isEqualTo(Optional.of(new Actor("token:OPERATOR", "127.0.0.1")));

    calls.console.gateway.auditWorks = false;
    int before = extra.requests.size();
    assertThat(calls.send(Role.OPERATOR, "PUT", "/api/v1/ext/extra/things/a", "{}").statusCode())
        .isEqualTo(503);
    assertThat(extra.requests).hasSize(before);
  }

  @Test
  void refusalsAreToldAndFailuresAreNot() throws Exception {
    HttpResponse<String> no = calls.get("/api/v1/ext/extra/no");
    assertThat(no.statusCode()).isEqualTo(409);
    assertThat(ApiCalls.code(no)).isEqualTo("taken");
    assertThat(ApiCalls.message(no)).isEqualTo("It is taken. Choose another one.");
    HttpResponse<String> broken = calls.get("/api/v1/ext/extra/broken");
    assertThat(broken.statusCode()).isEqualTo(500);
    assertThat(broken.body()).doesNotContain("secret");
    assertThat(calls.get("/api/v1/ext/extra/none").statusCode()).isEqualTo(404);
    HttpResponse<String> method = calls.send(Role.ADMIN, "DELETE", "/api/v1/ext/extra/ask", "");
    assertThat(method.statusCode()).isEqualTo(405);
    assertThat(method.headers().firstValue("Allow")).hasValue("POST");
  }

  @Test
  void aFileIsSavedUnderAHarmlessName() throws Exception {
    assertThat(calls.get("/api/v1/ext/extra/file").headers().firstValue("Content-Disposition"))
        .hasValue("attachment; filename=\"a__b_.pem\"");
  }

  /** ConsoleExtension.MAX_RUNNING: "more are answered with 503"; all else goes on. */
  @Test
  void aSlowExtensionHoldsNobodyElse() throws Exception {
    List<CompletableFuture<Integer>> running = new ArrayList<>();
    for (int i = 0; i < ConsoleExtension.MAX_RUNNING; i++) {
      running.add(async("/api/v1/ext/extra/slow"));
    }
    await().until(() -> extra.requests.size() == ConsoleExtension.MAX_RUNNING);

    assertThat(calls.get("/api/v1/ext/extra/things/a").statusCode()).isEqualTo(503);
    assertThat(calls.get("/api/v1/session").statusCode()).isEqualTo(200);
    extra.hold.countDown();

    for (CompletableFuture<Integer> one : running) {
      assertThat(one.get()).isEqualTo(204);
    }
    assertThat(calls.get("/api/v1/ext/extra/things/a").statusCode()).isEqualTo(201);
  }

  private CompletableFuture<Integer> async(String path) throws Exception {
    Browser script = new Browser(calls.console.base);
    return script
        .client()
        .sendAsync(
            script.request(path).header("Authorization", "Bearer srt_VIEWER").build(),
            BodyHandlers.ofString())
        .thenApply(HttpResponse::statusCode);
  }

  @Test
  void newsComesWhenThereIsSome() throws Exception {
    CompletableFuture<Integer> waiting = async("/api/v1/ext/extra/news");
    extra.news.complete(ConsoleAnswer.json("{}"));

    assertThat(waiting.get()).isEqualTo(200);
  }

  /** ConsoleAnswer.Later: "then the caller gets 504"; "cancelled when nobody waits". */
  @Test
  void nobodyWaitsForEver() throws Exception {
    assertThat(async("/api/v1/ext/extra/news").get()).isEqualTo(504);
    await().until(extra.news::isCancelled);
  }

  /** "everything ... is gone as soon as it goes, with 503 for calls that still wait". */
  @Test
  void anExtensionThatGoesTakesItsPagesAlong() throws Exception {
    Browser browser = loggedIn("admin");
    CompletableFuture<Integer> waiting = async("/api/v1/ext/extra/news");
    await()
        .until(
            () ->
                calls.console.gateway.extensions().get(0).waiting().availablePermits()
                    < ConsoleExtension.MAX_WAITING);

    calls.console.gateway.extensions.remove(extra);

    assertThat(waiting.get()).isEqualTo(503);
    assertThat(browser.get("/ext/extra/first").statusCode()).isEqualTo(404);
    assertThat(browser.get("/points").body()).doesNotContain("/ext/extra");
    assertThat(calls.get("/api/v1/ext/extra/things/a").statusCode()).isEqualTo(404);
  }

  @Test
  void theApiDescribesWhatIsThere() throws Exception {
    JsonObject paths = ApiCalls.json(calls.get("/api/v1/openapi.json")).getAsJsonObject("paths");
    assertThat(
            paths
                .getAsJsonObject("/api/v1/ext/extra/things/{name}")
                .getAsJsonObject("put")
                .get("summary")
                .getAsString())
        .isEqualTo("Change a thing");
    assertThat(calls.get("/api/v1/ext").body()).contains("/api/v1/ext/extra/things/{name}");
    calls.console.gateway.extensions.remove(extra);
    assertThat(calls.get("/api/v1/openapi.json").body()).doesNotContain("ext/extra");
  }

  @Test
  void aNameIsTakenByWhoeverCameFirst() throws Exception {
    FakeExtension second = new FakeExtension("extra");
    calls.console.gateway.extensions.add(second, 8);
    assertThat(problems()).singleElement().asString().contains("extra", "taken");
    calls.send(Role.VIEWER, "POST", "/api/v1/ext/extra/ask", "{}");
    assertThat(second.requests).isEmpty();

    calls.console.gateway.extensions.remove(extra);

    assertThat(problems()).isEmpty();
    calls.send(Role.VIEWER, "POST", "/api/v1/ext/extra/ask", "{}");
    assertThat(second.requests).hasSize(1);
  }

  @Test
  void oneThatBreaksARuleIsNotShownAndNamed() throws Exception {
    FakeExtension wrong = new FakeExtension("Wrong/Name");
    calls.console.gateway.extensions.add(wrong, 8);

    assertThat(calls.console.gateway.extensions()).hasSize(1);
    assertThat(problems()).singleElement().asString().contains("name", "Wrong/Name");
    calls.console.gateway.extensions.remove(wrong);
    assertThat(problems()).isEmpty();
  }

  private List<ProblemBoard.Entry> problems() {
    return calls.console.gateway.problems;
  }

  /** What the guide shows is what is tested. */
  @Test
  void theGuidesExampleIsTheTestedOne() throws Exception {
    String guide = Files.readString(Path.of("../../docs/oem-guide.md"));
    for (String file :
        List.of(
            "java/com/example/door/DoorPages.java",
            "resources/com/example/door/door.html",
            "resources/com/example/door/door.js")) {
      assertThat(guide).contains(Files.readString(Path.of("src/test", file)));
    }
  }
}
