package io.snaprail.console.internal.ext;

import io.snaprail.api.console.ConsoleCall;
import io.snaprail.api.console.ConsoleExtension;
import io.snaprail.api.console.ConsolePage;
import io.snaprail.api.security.Role;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** An extension as it was when it came, found to keep the rules. Safe for any thread. */
public final class Extension {
  private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9-]{0,31}");
  private static final Pattern FILE =
      Pattern.compile("[A-Za-z0-9_-][A-Za-z0-9._-]*(/[A-Za-z0-9_-][A-Za-z0-9._-]*)*");
  private static final int MAX_TITLE = 40;
  private static final int MAX_PAGES = 16;
  private static final int MAX_CALLS = 200;

  private final ConsoleExtension source;
  private final String name;
  private final String title;
  private final int order;
  private final List<ConsolePage> pages;
  private final List<ConsoleCall> calls;
  private final String tag;
  private final Semaphore running = new Semaphore(ConsoleExtension.MAX_RUNNING);
  private final Semaphore waiting = new Semaphore(ConsoleExtension.MAX_WAITING);
  private final CompletableFuture<Object> gone = new CompletableFuture<>();

  /**
   * Asks an extension what it has.
   *
   * @param tag another one for another version of its files
   * @throws IllegalArgumentException when it breaks a rule; the message says which
   */
  Extension(ConsoleExtension source, String tag) {
    this.source = source;
    this.tag = tag;
    name = source.name();
    title = source.title();
    order = source.order();
    pages = List.copyOf(source.pages());
    calls = List.copyOf(source.calls());
    require(NAME.matcher(name).matches(), "name: expected " + NAME + ", found '" + name + "'");
    require(
        !title.isBlank() && title.length() <= MAX_TITLE,
        "title: expected 1.." + MAX_TITLE + " characters, found '" + title + "'");
    require(pages.size() <= MAX_PAGES, "pages: expected at most " + MAX_PAGES);
    require(calls.size() <= MAX_CALLS, "calls: expected at most " + MAX_CALLS);
    checkUnique();
  }

  private void checkUnique() {
    Set<String> seen = new HashSet<>();
    for (ConsolePage page : pages) {
      require(seen.add("page " + page.path()), "pages: '" + page.path() + "' is there twice");
    }
    for (ConsoleCall call : calls) {
      String fixed = call.method() + " " + call.path().replaceAll("\\{[^}]*}", "{}");
      require(seen.add(fixed), "calls: " + call.method() + " " + call.path() + " is there twice");
    }
  }

  private static void require(boolean kept, String rule) {
    if (!kept) {
      throw new IllegalArgumentException(rule);
    }
  }

  /** Its part of addresses. */
  public String name() {
    return name;
  }

  /** Its entry in the menu. */
  public String title() {
    return title;
  }

  /** Its place in the menu. */
  public int order() {
    return order;
  }

  /** Every page. */
  public List<ConsolePage> pages() {
    return pages;
  }

  /** The pages that a role may see. */
  public List<ConsolePage> pages(Role role) {
    return pages.stream().filter(page -> role.includes(page.role())).toList();
  }

  /** Every call. */
  public List<ConsoleCall> calls() {
    return calls;
  }

  /** Address of a page. */
  public String address(ConsolePage page) {
    return "/ext/" + name + "/" + page.path();
  }

  /** Address of its files, with a slash at its end; another one for another version. */
  public String files() {
    return "/ext/" + name + "/files/" + tag + "/";
  }

  /** Whether a tag is that of its present files. */
  public boolean isCurrent(String given) {
    return tag.equals(given);
  }

  /**
   * A file.
   *
   * @return empty when there is none of this name
   * @throws IOException when it cannot be read or is too large
   */
  public Optional<byte[]> file(String file) throws IOException {
    if (!FILE.matcher(file).matches()) {
      return Optional.empty();
    }
    try (InputStream in = source.file(file)) {
      if (in == null) {
        return Optional.empty();
      }
      byte[] content = in.readNBytes(ConsoleExtension.MAX_ANSWER_BYTES + 1);
      if (content.length > ConsoleExtension.MAX_ANSWER_BYTES) {
        throw new IOException(file + " of '" + name + "' is larger than a file may be");
      }
      return Optional.of(content);
    }
  }

  /** Permits for calls that run. */
  public Semaphore running() {
    return running;
  }

  /** Permits for answers that are waited for. */
  public Semaphore waiting() {
    return waiting;
  }

  /** Completes when it goes. */
  public CompletableFuture<Object> gone() {
    return gone;
  }

  boolean isOf(@Nullable ConsoleExtension other) {
    return source == other;
  }
}
