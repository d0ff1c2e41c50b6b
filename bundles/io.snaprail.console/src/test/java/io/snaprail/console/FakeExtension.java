package io.snaprail.console;

import io.snaprail.api.audit.Actor;
import io.snaprail.api.console.ConsoleAnswer;
import io.snaprail.api.console.ConsoleCall;
import io.snaprail.api.console.ConsoleException;
import io.snaprail.api.console.ConsoleExtension;
import io.snaprail.api.console.ConsolePage;
import io.snaprail.api.console.ConsoleRequest;
import io.snaprail.api.security.Role;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** An extension that does everything an extension can do. */
final class FakeExtension implements ConsoleExtension {
  private static final Map<String, String> FILES =
      Map.of(
          "first.html", "<h1>First</h1><script src=\"{{files}}a/first.js\" defer></script>",
          "second.html", "<h1>Second</h1>",
          "a/first.js", "'use strict';",
          "Secret.class", "code");

  final List<ConsoleRequest> requests = new CopyOnWriteArrayList<>();

  /** On whose behalf each was made. */
  final List<Optional<Actor>> actors = new CopyOnWriteArrayList<>();

  final CompletableFuture<ConsoleAnswer> news = new CompletableFuture<>();
  final CountDownLatch hold = new CountDownLatch(1);
  private final String name;

  FakeExtension(String name) {
    this.name = name;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public String title() {
    return "Extra <" + name + ">";
  }

  @Override
  public List<ConsolePage> pages() {
    return List.of(
        new ConsolePage("first", "First", Role.VIEWER, "first.html"),
        new ConsolePage("second", "Second", Role.ADMIN, "second.html"),
        new ConsolePage("lost", "Lost", Role.ADMIN, "lost.html"));
  }

  @Override
  public List<ConsoleCall> calls() {
    return List.of(
        ConsoleCall.read("things/{name}", Role.VIEWER, "A thing", this::thing),
        ConsoleCall.change("PUT", "things/{name}", Role.OPERATOR, "Change a thing", this::thing),
        ConsoleCall.ask("ask", Role.VIEWER, "Ask something", this::thing),
        ConsoleCall.read("file", Role.VIEWER, "A file", r -> file()),
        ConsoleCall.read("news", Role.VIEWER, "Wait for news", r -> later()),
        ConsoleCall.read("slow", Role.VIEWER, "Takes its time", this::slow),
        ConsoleCall.read("no", Role.VIEWER, "Says no", r -> refuse()),
        ConsoleCall.read("broken", Role.VIEWER, "Fails", r -> fail()));
  }

  private ConsoleAnswer thing(ConsoleRequest request) {
    requests.add(request);
    actors.add(Actor.current());
    return ConsoleAnswer.json(201, "{\"done\":true}");
  }

  private static ConsoleAnswer file() {
    return ConsoleAnswer.file("a \"b\".pem", "application/x-pem-file", "text");
  }

  private ConsoleAnswer later() {
    return ConsoleAnswer.later(news, Duration.ofSeconds(1));
  }

  private ConsoleAnswer slow(ConsoleRequest request) {
    requests.add(request);
    try {
      hold.await(20, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return ConsoleAnswer.done();
  }

  private static ConsoleAnswer refuse() throws ConsoleException {
    throw new ConsoleException(409, "taken", "It is taken. Choose another one.");
  }

  private static ConsoleAnswer fail() {
    throw new IllegalStateException("secret inner workings");
  }

  @Override
  public @Nullable InputStream file(String file) {
    String text = FILES.get(file);
    return text == null ? null : new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
  }
}
