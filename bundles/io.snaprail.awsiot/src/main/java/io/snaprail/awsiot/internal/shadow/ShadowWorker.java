package io.snaprail.awsiot.internal.shadow;

import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import io.snaprail.awsiot.internal.json.JsonValues;
import io.snaprail.awsiot.internal.shadow.ShadowTarget.Outcome;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Keeps one shadow in step: reports what is there, carries out what is desired. After each
 * connection it asks for the whole shadow first; what comes before that answer is not acted upon,
 * as the answer holds it too. One request is under way at a time. Used by one thread, and {@link
 * #tick} is called every 100 ms or so.
 */
final class ShadowWorker implements Actuation.Told {
  /** Changes are gathered for so long: a shadow is no telemetry. */
  static final Duration COALESCE = Duration.ofMillis(500);

  static final Duration ANSWER = Duration.ofSeconds(10);
  private static final Duration MEND = Duration.ofSeconds(60);

  /** AWS IoT Core quota: 8 KB of desired and reported state; we stop at 90 %. */
  static final int MOST_BYTES = 8 * 1024 * 9 / 10;

  private final Wire wire;
  private final Actuation actuation;
  private final ShadowTarget target;
  private final RandomGenerator random;
  private final CloudCopy cloud = new CloudCopy();
  private final Map<ShadowPath, JsonElement> actual = new HashMap<>();

  /** What may differ from what is reported. */
  private final Set<ShadowPath> dirty = new LinkedHashSet<>();

  /** Reported even where the difference is within the deadband: the answer to a wish. */
  private final Set<ShadowPath> due = new HashSet<>();

  /** AWS's time of the last message, in seconds: ages are told by it, as our clock may be wrong. */
  private long awsTime;

  private boolean connected;
  private boolean live;
  private boolean fetch;
  private long dirtySince;
  private long notBefore;
  private @Nullable Request request;

  /** The way to AWS. */
  interface Wire {
    /** Monotonic time in nanoseconds. */
    long nanoTime();

    /**
     * Sends a request to this shadow.
     *
     * @param operation {@code get} or {@code update}
     * @return its token; null when it cannot be sent now
     */
    @Nullable String send(String operation, JsonObject document);

    /** Tells people; null when all is well again. */
    void problem(@Nullable String words);
  }

  private record Request(
      String token,
      long until,
      boolean get,
      Map<ShadowPath, JsonElement> reported,
      Set<ShadowPath> unwanted) {}

  ShadowWorker(Wire wire, String name, Settlements settlements, ActuationSettings how) {
    this.wire = wire;
    this.target = how.target();
    this.random = how.random();
    this.actuation =
        new Actuation(
            name,
            settlements,
            new Actuation.Parts(how.target(), how.lane(), how.clock(), how.longest(), this));
  }

  /** Connected, and every answer is subscribed to. */
  void ready() {
    connected = true;
    live = false;
    fetch = true;
    request = null;
    notBefore = 0;
  }

  /** Not connected any more. */
  void lost() {
    connected = false;
    live = false;
    request = null;
  }

  /** What is there now. */
  void actual(ShadowPath path, JsonElement value) {
    JsonElement before = actual.put(path, value);
    if (before == null || !JsonValues.same(before, value)) {
      touch(path);
    }
    if (actuation.seen(path, value)) {
      look(path);
    }
  }

  /** Nothing else is there any more: it is taken out of what is reported. */
  void only(Set<ShadowPath> present) {
    if (!live) {
      return;
    }
    Set<ShadowPath> gone = new HashSet<>(actual.keySet());
    gone.addAll(cloud.reported());
    gone.removeAll(present);
    gone.removeIf(StatusLeaves::isOne);
    for (ShadowPath path : gone) {
      if (cloud.reported(path) == null) {
        actual.remove(path);
      } else {
        actual.put(path, JsonNull.INSTANCE);
        touch(path);
      }
    }
  }

  private void touch(ShadowPath path) {
    if (dirty.isEmpty()) {
      dirtySince = wire.nanoTime();
    }
    dirty.add(path);
  }

  /** Does what is due. */
  void tick() {
    long now = wire.nanoTime();
    if (!connected) {
      return;
    }
    if (request != null) {
      if (now - request.until() < 0) {
        return;
      }
      request = null;
      fetch = true;
      pause(Duration.ofSeconds(1), Duration.ofSeconds(5));
    }
    if (notBefore != 0 && now - notBefore < 0) {
      return;
    }
    notBefore = 0;
    if (fetch) {
      send("get", new JsonObject(), Map.of(), Set.of());
    } else if (live && !dirty.isEmpty() && now - dirtySince >= COALESCE.toNanos()) {
      flush();
    }
  }

  private void flush() {
    Map<ShadowPath, JsonElement> changes = new LinkedHashMap<>();
    Set<ShadowPath> unwanted = new LinkedHashSet<>();
    for (ShadowPath path : Set.copyOf(dirty)) {
      JsonElement value = actual.get(path);
      boolean over = value != null && actuation.overridden(path, cloud.desired(path), value);
      if (value == null || !(over || worthTelling(path, value))) {
        dirty.remove(path);
        continue;
      }
      changes.put(path, value);
      if (over) {
        unwanted.add(path);
      }
    }
    fit(changes);
    if (!changes.isEmpty()) {
      send("update", cloud.update(changes, unwanted), changes, unwanted);
    }
  }

  private boolean worthTelling(ShadowPath path, JsonElement value) {
    JsonElement told = cloud.reported(path);
    if (told == null) {
      return !value.isJsonNull();
    }
    return !JsonValues.same(told, value)
        && (due.contains(path) || !Actuation.near(told, value, target.deadband(path)));
  }

  /** Leaves out what the shadow has no room for, rather than have all of it refused. */
  private void fit(Map<ShadowPath, JsonElement> changes) {
    List<ShadowPath> left = cloud.leaveOut(changes, MOST_BYTES);
    dirty.removeAll(left);
    String names = left.stream().map(ShadowPath::toString).collect(Collectors.joining(", "));
    wire.problem(
        left.isEmpty()
            ? null
            : "the shadow has no room for %s: AWS takes 8 KB a shadow; choose fewer points, or a shadow for each device"
                .formatted(names.length() > 200 ? names.substring(0, 200) + "…" : names));
  }

  private void send(
      String operation,
      JsonObject document,
      Map<ShadowPath, JsonElement> reported,
      Set<ShadowPath> unwanted) {
    String token = wire.send(operation, document);
    if (token != null) {
      request =
          new Request(
              token,
              wire.nanoTime() + ANSWER.toNanos(),
              operation.equals("get"),
              Map.copyOf(reported),
              Set.copyOf(unwanted));
    }
  }

  /** A request could not be handed to the broker. */
  void notSent(String token) {
    if (request != null && request.token().equals(token)) {
      fetch |= request.get();
      request = null;
      pause(Duration.ofSeconds(1), Duration.ofSeconds(2));
    }
  }

  /** A message of the shadow service, such as {@code update/delta}. */
  void message(String kind, ShadowMessage message) {
    if (!connected) {
      return;
    }
    awsTime = Math.max(awsTime, message.timestamp());
    switch (kind) {
      case "get/accepted" -> fetched(message);
      case "get/rejected", "update/rejected" -> rejected(message);
      case "update/accepted" -> updated(message);
      case "update/delta" -> delta(message);
      case "delete/accepted" -> deleted(message);
      default -> throw new IllegalArgumentException("no shadow message is called " + kind);
    }
  }

  private boolean ours(ShadowMessage message) {
    return request != null && request.token().equals(message.token());
  }

  private void fetched(ShadowMessage message) {
    if (!ours(message)) {
      return;
    }
    request = null;
    cloud.replace(message);
    synchronised();
    cloud.desired().keySet().forEach(this::look);
  }

  /** The cloud's copy is known: whatever differs is to be reported. */
  private void synchronised() {
    fetch = false;
    live = true;
    wire.problem(null);
    actual.keySet().forEach(this::touch);
  }

  private void look(ShadowPath path) {
    Wish wish = cloud.desired(path);
    if (!live || wish == null) {
      return;
    }
    JsonElement now = actual.get(path);
    if (!JsonValues.same(cloud.reported(path), wish.value())) {
      actuation.consider(path, wish, awsTime, now);
    } else if (JsonValues.same(now, wish.value())) {
      actuation.fulfilled(path, wish);
    }
  }

  private void delta(ShadowMessage message) {
    if (!live || message.version() < cloud.version()) {
      return;
    }
    fetch |= cloud.advance(message.version());
    message
        .delta()
        .forEach(
            (path, wish) -> {
              cloud.want(path, wish);
              look(path);
            });
  }

  private void updated(ShadowMessage message) {
    boolean mine = ours(message);
    if (mine && request != null) {
      Request done = request;
      request = null;
      cloud.report(done.reported());
      done.unwanted().forEach(cloud::unwant);
      done.reported().forEach(this::told);
    }
    if (!live || message.version() < cloud.version()) {
      return;
    }
    fetch |= cloud.advance(message.version());
    if (!mine) {
      cloud.merge(message);
      message.desired().keySet().forEach(this::look);
      // Somebody else may have reported in our place.
      message.reported().keySet().stream().filter(actual::containsKey).forEach(this::touch);
    }
  }

  private void told(ShadowPath path, JsonElement value) {
    if (JsonValues.same(actual.get(path), value)) {
      dirty.remove(path);
      due.remove(path);
      if (value.isJsonNull()) {
        // What is gone needs no more mention.
        actual.remove(path);
      }
    }
  }

  private void deleted(ShadowMessage message) {
    if (live && message.version() >= cloud.version()) {
      cloud.clear(message.version());
      actual.keySet().forEach(this::touch);
    }
  }

  private void rejected(ShadowMessage message) {
    if (request == null || !ours(message)) {
      return;
    }
    boolean get = request.get();
    request = null;
    int code = message.code();
    if (get && code == 404 && !message.words().startsWith("Thing")) {
      cloud.clear(0);
      synchronised();
      return;
    }
    if (code == 409) {
      fetch = true;
      pause(Duration.ofMillis(100), Duration.ofSeconds(1));
    } else if (code == 429 || code >= 500) {
      pause(Duration.ofSeconds(2), Duration.ofSeconds(10));
    } else {
      wire.problem(
          "AWS refuses to %s the shadow: %s (%d)"
              .formatted(get ? "give" : "update", message.words(), code));
      pause(MEND, MEND.plusSeconds(10));
    }
  }

  /** So that many gateways do not come back in the same moment. */
  private void pause(Duration least, Duration most) {
    notBefore = wire.nanoTime() + random.nextLong(least.toNanos(), most.toNanos());
  }

  @Override
  public void settled(ShadowPath path, Outcome outcome) {
    StatusLeaves.of(path, outcome, cloud)
        .forEach(
            (leaf, value) -> {
              actual.put(leaf, value);
              touch(leaf);
            });
    if (outcome.value() != null) {
      actual.put(path, outcome.value());
    }
    if (actual.containsKey(path)) {
      due.add(path);
      touch(path);
    }
  }

  @Override
  public void notKept(String why) {
    wire.problem(
        "desired values are not carried out, as what was decided cannot be written down: " + why);
  }
}
