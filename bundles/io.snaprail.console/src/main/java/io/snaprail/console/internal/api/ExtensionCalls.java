package io.snaprail.console.internal.api;

import com.google.gson.JsonParser;
import io.snaprail.api.audit.AuditEvent;
import io.snaprail.api.audit.AuditUnavailableException;
import io.snaprail.api.console.ConsoleAnswer;
import io.snaprail.api.console.ConsoleCall;
import io.snaprail.api.console.ConsoleException;
import io.snaprail.api.console.ConsoleExtension;
import io.snaprail.api.console.ConsoleRequest;
import io.snaprail.console.internal.access.Caller;
import io.snaprail.console.internal.access.Refusal;
import io.snaprail.console.internal.access.RequestRules;
import io.snaprail.console.internal.ext.Extension;
import io.snaprail.console.internal.page.ErrorPage;
import java.io.IOException;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes the calls of extensions: their body, their audit line, how many at a time, the answer. */
final class ExtensionCalls {
  private static final Logger LOG = LoggerFactory.getLogger(ExtensionCalls.class);

  private final Services services;

  ExtensionCalls(Services services) {
    this.services = services;
  }

  /** Makes a call that its caller may make. */
  Reply make(Extension extension, ConsoleCall call, ApiRequest request)
      throws Refusal, IOException {
    ConsoleRequest asked = read(request);
    if (!extension.running().tryAcquire()) {
      throw busy(extension);
    }
    try {
      if (call.changes()) {
        audit(extension, call, request);
      }
      ConsoleAnswer answer = call.handler().answer(asked);
      return answer instanceof ConsoleAnswer.Later later
          ? later(extension, later)
          : ready((ConsoleAnswer.Ready) answer);
    } catch (ConsoleException e) {
      throw refusal(e);
    } finally {
      extension.running().release();
    }
  }

  private static ConsoleRequest read(ApiRequest request) throws Refusal, IOException {
    String header = request.header("Content-Type").orElse("");
    int end = header.indexOf(';');
    String type = (end < 0 ? header : header.substring(0, end)).strip().toLowerCase(Locale.ROOT);
    // The query first: with a form as body the engine would read the body for it.
    Map<String, String> query = new HashMap<>();
    if (!type.startsWith("application/x-www-form")) {
      request.http().getParameterMap().forEach((name, values) -> query.put(name, values[0]));
    }
    String body = request.text(ConsoleExtension.MAX_BODY_BYTES);
    if (type.equals("application/json") && !body.isEmpty()) {
      ApiRequest.object(body);
    }
    Caller caller = request.caller();
    return new ConsoleRequest(
        request.parameters(),
        query,
        type,
        body,
        caller.principal(),
        caller.actor(),
        request.http().getRemoteAddr());
  }

  private void audit(Extension extension, ConsoleCall call, ApiRequest request) throws Refusal {
    AuditEvent event =
        new AuditEvent(
            AuditEvent.Action.CONSOLE,
            request.caller().actor(),
            request.http().getRemoteAddr(),
            RequestRules.path(request.http()),
            "attempt",
            Map.of("method", call.method(), "change", extension.title() + ": " + call.summary()));
    try {
      services.audit().orElseThrow(() -> RequestRules.starting("the audit log is")).record(event);
    } catch (AuditUnavailableException e) {
      throw TokenRoutes.unaudited(e);
    }
  }

  private static Reply ready(ConsoleAnswer.Ready answer) {
    if (answer.status() == 204) {
      return new Reply.Empty();
    }
    if (answer.body().length > ConsoleExtension.MAX_ANSWER_BYTES) {
      throw new IllegalStateException(
          "the answer has "
              + answer.body().length
              + " bytes, expected at most "
              + ConsoleExtension.MAX_ANSWER_BYTES);
    }
    String file = answer.file().replaceAll("[^A-Za-z0-9._-]", "_");
    Map<String, String> headers =
        file.isEmpty()
            ? Map.of()
            : Map.of("Content-Disposition", "attachment; filename=\"" + file + "\"");
    return new Reply.Bytes(answer.status(), answer.type(), answer.body(), headers);
  }

  /** Whoever waits is told when the extension goes; the extension is told when nobody waits. */
  private static Reply later(Extension extension, ConsoleAnswer.Later later) throws Refusal {
    CompletableFuture<ConsoleAnswer> stage = later.stage().toCompletableFuture();
    if (!extension.waiting().tryAcquire()) {
      stage.cancel(false);
      throw busy(extension);
    }
    CompletableFuture<Reply> reply =
        CompletableFuture.anyOf(stage, extension.gone())
            .handle((answer, failure) -> later(extension, answer, failure));
    return new Reply.Later(
        reply,
        later.patience(),
        "No answer came in time. Try again.",
        () -> {
          extension.waiting().release();
          stage.cancel(false);
          reply.cancel(false);
        });
  }

  private static Reply later(
      Extension extension, @Nullable Object answer, @Nullable Throwable failure) {
    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
    if (answer instanceof ConsoleAnswer.Ready ready) {
      return ready(ready);
    }
    if (cause instanceof ConsoleException refused) {
      return refused(refusal(refused));
    }
    if (answer == extension) {
      return refused(
          new Refusal(503, "gone", extension.title() + " has just been stopped or replaced."));
    }
    LOG.error("A call of '{}' ended without an answer", extension.name(), cause);
    return refused(new Refusal(500, "internal", "The gateway could not answer; its log says why."));
  }

  private static Refusal refusal(ConsoleException e) {
    if (e.getCause() != null) {
      LOG.warn("{}", e.getMessage(), e.getCause());
    }
    return new Refusal(e.status(), e.code(), String.valueOf(e.getMessage()));
  }

  private static Reply refused(Refusal refusal) {
    return new Reply.Json(
        refusal.status(), JsonParser.parseString(ErrorPage.json(refusal.code(), refusal.text())));
  }

  private static Refusal busy(Extension extension) {
    return new Refusal(
        503,
        "busy",
        extension.title() + " has too many calls at the same time. Try again in a moment.",
        Map.of("Retry-After", "2"));
  }
}
