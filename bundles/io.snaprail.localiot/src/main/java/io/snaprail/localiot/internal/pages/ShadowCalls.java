package io.snaprail.localiot.internal.pages;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.snaprail.api.console.ConsoleAnswer;
import io.snaprail.api.console.ConsoleCall;
import io.snaprail.api.console.ConsoleException;
import io.snaprail.api.console.ConsoleRequest;
import io.snaprail.api.security.Role;
import io.snaprail.localiot.internal.broker.InsideClient;
import io.snaprail.localiot.internal.json.StrictJson;
import io.snaprail.localiot.internal.service.ServiceException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Calls on shadows. Whoever waits for news is told by what the shadow service publishes. */
final class ShadowCalls {
  private static final Pattern ACCEPTED =
      Pattern.compile("\\$aws/things/([^/]+)/shadow(?:/name/([^/]+))?/(?:update|delete)/accepted");
  private static final List<String> FILTERS =
      List.of(
          "$aws/things/+/shadow/update/accepted",
          "$aws/things/+/shadow/delete/accepted",
          "$aws/things/+/shadow/name/+/update/accepted",
          "$aws/things/+/shadow/name/+/delete/accepted");
  private static final int PAGE = 100;

  private final PartsSource parts;
  private final ScheduledExecutorService thread;
  private final Waiters waiters;
  private final Clock clock;
  private final AtomicBoolean watching = new AtomicBoolean();

  ShadowCalls(PartsSource parts, ScheduledExecutorService thread, Waiters waiters, Clock clock) {
    this.parts = parts;
    this.thread = thread;
    this.waiters = waiters;
    this.clock = clock;
  }

  List<ConsoleCall> calls() {
    return List.of(
        ConsoleCall.read("shadows/{thing}", Role.VIEWER, "Shadows of a thing", this::names),
        ConsoleCall.read(
            "shadows/{thing}/document",
            Role.VIEWER,
            "A shadow (query: name; after: version to wait behind)",
            this::document),
        ConsoleCall.change(
            "PUT", "shadows/{thing}/document", Role.OPERATOR, "Update a shadow", this::update),
        ConsoleCall.change(
            "DELETE", "shadows/{thing}/document", Role.OPERATOR, "Delete a shadow", this::delete));
  }

  private ConsoleAnswer names(ConsoleRequest request) throws ConsoleException {
    Parts present = parts.require();
    String thing = request.parameter("thing");
    JsonArray names = new JsonArray();
    String token = "";
    try {
      do {
        JsonObject page = present.shadows().list(thing, PAGE, token);
        names.addAll(page.getAsJsonArray("results"));
        JsonElement next = page.get("nextToken");
        token = next == null ? "" : next.getAsString();
      } while (!token.isEmpty());
    } catch (ServiceException e) {
      throw JobCalls.refusal(e);
    }
    JsonObject json = new JsonObject();
    json.add("names", names);
    return ConsoleAnswer.json(StrictJson.write(json));
  }

  private ConsoleAnswer document(ConsoleRequest request) throws ConsoleException {
    String thing = request.parameter("thing");
    String name = request.query("name").orElse("");
    if (request.query("after").isEmpty()) {
      return ConsoleAnswer.json(StrictJson.write(read(thing, name)));
    }
    long after = Numbers.query(request, "after");
    watch(parts.require());
    Waiters.Waiter waiter =
        waiters.await(
            key(thing, name), () -> ConsoleAnswer.json(StrictJson.write(read(thing, name))));
    // Behind the subscriptions of the watch, so that nothing is missed between the two.
    thread.execute(() -> waiter.settleIf(() -> version(thing, name) != after));
    return waiter.later();
  }

  private long version(String thing, String name) throws ConsoleException {
    return read(thing, name).get("version").getAsLong();
  }

  /** As {@code get/accepted} has it; version 0 when there is none. */
  private JsonObject read(String thing, String name) throws ConsoleException {
    try {
      return parts.require().shadows().get(thing, name);
    } catch (ServiceException e) {
      if (e.status() != 404 || !e.words().startsWith("No shadow")) {
        throw JobCalls.refusal(e);
      }
      JsonObject none = new JsonObject();
      none.add("state", new JsonObject());
      none.addProperty("version", 0);
      none.addProperty("timestamp", clock.instant().getEpochSecond());
      return none;
    }
  }

  private ConsoleAnswer update(ConsoleRequest request) throws ConsoleException {
    try {
      return ConsoleAnswer.json(
          StrictJson.write(
              parts
                  .require()
                  .shadows()
                  .update(
                      request.parameter("thing"),
                      request.query("name").orElse(""),
                      request.body().getBytes(StandardCharsets.UTF_8))));
    } catch (ServiceException e) {
      throw JobCalls.refusal(e);
    }
  }

  private ConsoleAnswer delete(ConsoleRequest request) throws ConsoleException {
    try {
      return ConsoleAnswer.json(
          StrictJson.write(
              parts
                  .require()
                  .shadows()
                  .delete(request.parameter("thing"), request.query("name").orElse(""))));
    } catch (ServiceException e) {
      throw JobCalls.refusal(e);
    }
  }

  private static String key(String thing, String name) {
    return "shadow " + thing + ' ' + name;
  }

  /** From the first page that waits on, until the endpoint ends. */
  private void watch(Parts present) {
    if (!watching.compareAndSet(false, true)) {
      return;
    }
    thread.execute(
        () -> {
          InsideClient client =
              InsideClient.free(
                  present.broker(), "$console/" + UUID.randomUUID(), thread, new Watch());
          FILTERS.forEach(filter -> client.subscribe(filter, 1));
        });
  }

  private final class Watch implements InsideClient.Listener {
    @Override
    public void message(String topic, byte[] payload, int qos, boolean retained) {
      Matcher accepted = ACCEPTED.matcher(topic);
      if (accepted.matches()) {
        String name = accepted.group(2);
        waiters.news(key(accepted.group(1), name == null ? "" : name));
      }
    }

    @Override
    public void ended(String reason) {
      watching.set(false); // the next page that waits begins again
    }
  }
}
