package io.snaprail.localiot.internal;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.snaprail.api.console.ConsoleAnswer;
import io.snaprail.api.console.ConsoleCall;
import io.snaprail.api.console.ConsoleException;
import io.snaprail.api.console.ConsoleExtension;
import io.snaprail.api.console.ConsoleRequest;
import io.snaprail.api.security.Principal;
import io.snaprail.api.security.Role;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

/** Makes calls of pages as the console does. */
final class PageCalls {
  private final ConsoleExtension extension;

  PageCalls(ConsoleExtension extension) {
    this.extension = extension;
  }

  JsonObject get(String path) throws Exception {
    return json("GET", path, "");
  }

  JsonObject json(String method, String path, String body) throws Exception {
    return JsonParser.parseString(text(method, path, body)).getAsJsonObject();
  }

  String text(String method, String path, String body) throws Exception {
    ConsoleAnswer.Ready ready =
        (ConsoleAnswer.Ready) later(method, path, body).get(30, TimeUnit.SECONDS);
    return new String(ready.body(), StandardCharsets.UTF_8);
  }

  /** Why a call is refused. */
  ConsoleException refused(String method, String path, String body) throws Exception {
    try {
      later(method, path, body).get(30, TimeUnit.SECONDS);
    } catch (ConsoleException e) {
      return e;
    } catch (ExecutionException e) {
      return (ConsoleException) e.getCause();
    }
    throw new AssertionError(method + " " + path + " was not refused");
  }

  CompletableFuture<ConsoleAnswer> later(String method, String path, String body)
      throws ConsoleException {
    String[] parts = path.split("\\?", 2);
    for (ConsoleCall call : extension.calls()) {
      Map<String, String> parameters = fit(call.path(), parts[0]);
      if (call.method().equals(method) && parameters != null) {
        ConsoleAnswer answer =
            call.handler()
                .answer(
                    new ConsoleRequest(
                        parameters,
                        query(parts.length > 1 ? parts[1] : ""),
                        body.isEmpty() ? "" : "application/json",
                        body,
                        new Principal("eva", Role.ADMIN),
                        "eva",
                        "127.0.0.1"));
        return answer instanceof ConsoleAnswer.Later later
            ? later.stage().toCompletableFuture()
            : CompletableFuture.completedFuture(answer);
      }
    }
    throw new AssertionError("there is no call " + method + " " + path);
  }

  private static Map<String, String> query(String text) {
    Map<String, String> query = new HashMap<>();
    for (String one : text.split("&")) {
      String[] pair = one.split("=", 2);
      if (pair.length == 2) {
        query.put(pair[0], pair[1]);
      }
    }
    return query;
  }

  private static Map<String, String> fit(String pattern, String path) {
    String[] wanted = pattern.split("/");
    String[] given = path.split("/");
    if (wanted.length != given.length) {
      return null;
    }
    Map<String, String> parameters = new HashMap<>();
    for (int i = 0; i < wanted.length; i++) {
      if (wanted[i].startsWith("{")) {
        parameters.put(wanted[i].substring(1, wanted[i].length() - 1), given[i]);
      } else if (!wanted[i].equals(given[i])) {
        return null;
      }
    }
    return parameters;
  }
}
