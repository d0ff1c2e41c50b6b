package io.snaprail.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.snaprail.api.console.ConsoleAnswer;
import io.snaprail.api.console.ConsoleCall;
import io.snaprail.api.console.ConsoleException;
import io.snaprail.api.console.ConsoleExtension;
import io.snaprail.api.console.ConsolePage;
import io.snaprail.api.console.ConsoleRequest;
import io.snaprail.api.security.Principal;
import io.snaprail.api.security.Role;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * What every console extension keeps to, as tests: extend it, and the suite runs. Clauses are those
 * of {@link ConsoleExtension}, {@link ConsolePage} and {@link ConsoleCall}.
 */
public abstract class ConsoleExtensionContract {
  private static final Pattern NAMED = Pattern.compile("\\{\\{files}}([^\"'\\s>]+)");
  private static final Pattern CALLED =
      Pattern.compile("['\"`]/api/v1/ext/([a-z0-9-]+)/([a-z0-9-]+)");
  private static final Pattern VARIABLE = Pattern.compile("\\{([a-zA-Z]+)}");

  /** The extension under test. */
  protected abstract ConsoleExtension extension();

  /** "a letter, then up to 31 of [a-z0-9-]"; "1..40 characters"; "do not change". */
  @Test
  void itIsDescribedAndStaysTheSame() {
    ConsoleExtension extension = extension();

    assertThat(extension.name()).matches("[a-z][a-z0-9-]{0,31}").isEqualTo(extension.name());
    assertThat(extension.title()).isNotBlank().hasSizeLessThanOrEqualTo(40);
    assertThat(extension.pages()).hasSizeLessThanOrEqualTo(16).isEqualTo(extension.pages());
    assertThat(extension.calls()).hasSizeLessThanOrEqualTo(200);
  }

  /** "with different paths"; "with different methods and paths". */
  @Test
  void addressesAreUnique() {
    assertThat(extension().pages()).extracting(ConsolePage::path).doesNotHaveDuplicates();
    assertThat(extension().calls())
        .extracting(call -> call.method() + call.path().replaceAll("\\{[^}]*}", "{}"))
        .doesNotHaveDuplicates();
  }

  /** ConsolePage: "without inline script, inline style or on... attributes". */
  @Test
  void pagesKeepTheContentSecurityPolicy() throws IOException {
    for (ConsolePage page : extension().pages()) {
      String html = text(page.file());
      assertThat(html)
          .as(page.file())
          .doesNotContainPattern("(?i)<script(?![^>]*\\ssrc=)")
          .doesNotContainPattern("(?i)<style|\\sstyle\\s*=")
          .doesNotContainPattern("(?i)\\son[a-z]+\\s*=")
          .doesNotContainPattern("(?i)(src|href)\\s*=\\s*\"(https?:)?//");
    }
  }

  /** ConsoleExtension.file: "null when there is none". */
  @Test
  void everyFileThatAPageNamesIsThere() throws IOException {
    for (ConsolePage page : extension().pages()) {
      for (String file : namedBy(page)) {
        assertThat(text(file)).as(file + " of " + page.file()).isNotBlank();
      }
    }
    assertThat(extension().file("no-such-file.js")).isNull();
  }

  /** A script that asks for what is not there fails when somebody clicks, not when it is built. */
  @Test
  void scriptsCallOnlyWhatThereIs() throws IOException {
    List<String> first =
        extension().calls().stream().map(call -> call.path().split("/", 2)[0]).toList();
    for (ConsolePage page : extension().pages()) {
      for (String file : namedBy(page)) {
        Matcher called = CALLED.matcher(text(file));
        while (called.find()) {
          if (called.group(1).equals(extension().name())) {
            assertThat(first).as(file).contains(called.group(2));
          }
        }
      }
    }
  }

  /** Handler.answer: "returns within a second"; only a ConsoleException says no. */
  @Test
  void callsAnswerAtOnceWhateverTheyAreAsked() {
    for (ConsoleCall call : extension().calls()) {
      Map<String, String> parameters = new HashMap<>();
      Matcher variable = VARIABLE.matcher(call.path());
      while (variable.find()) {
        parameters.put(variable.group(1), "no such ü thing");
      }
      String body = call.method().equals("GET") || call.method().equals("DELETE") ? "" : "{}";
      ConsoleRequest request =
          new ConsoleRequest(
              parameters,
              Map.of(),
              body.isEmpty() ? "" : "application/json",
              body,
              new Principal("contract", Role.ADMIN),
              "contract",
              "127.0.0.1");
      long start = System.nanoTime();
      answer(call, request);
      assertThat(Duration.ofNanos(System.nanoTime() - start))
          .as(call.method() + " " + call.path())
          .isLessThan(Duration.ofSeconds(5));
    }
  }

  private static void answer(ConsoleCall call, ConsoleRequest request) {
    try {
      ConsoleAnswer answer = call.handler().answer(request);
      if (answer instanceof ConsoleAnswer.Later later) {
        later.stage().toCompletableFuture().cancel(false);
      }
    } catch (ConsoleException refused) {
      assertThat(refused).as(call.path()).hasMessageMatching("(?s).*\\S.*");
    }
  }

  private List<String> namedBy(ConsolePage page) throws IOException {
    List<String> files = new ArrayList<>();
    Matcher named = NAMED.matcher(text(page.file()));
    while (named.find()) {
      files.add(named.group(1));
    }
    return files;
  }

  private String text(String file) throws IOException {
    try (InputStream in = extension().file(file)) {
      return new String(
          Objects.requireNonNull(in, file + " is not there").readAllBytes(),
          StandardCharsets.UTF_8);
    }
  }
}
