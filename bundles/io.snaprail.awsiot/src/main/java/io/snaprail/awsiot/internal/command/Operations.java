package io.snaprail.awsiot.internal.command;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import io.snaprail.api.command.CommandGate;
import io.snaprail.api.command.CommandOutcome;
import io.snaprail.api.command.WriteCommand;
import io.snaprail.api.model.Sample;
import io.snaprail.api.model.Value;
import io.snaprail.api.runtime.Gateway;
import io.snaprail.awsiot.internal.PointFilter;
import io.snaprail.awsiot.internal.json.JsonText;
import io.snaprail.awsiot.internal.json.JsonValues;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What the back channel can do: {@code ReadPoints} and {@code WritePoint}. */
public final class Operations {
  private static final Duration DEFAULT_LIFE = Duration.ofSeconds(10);
  private static final Duration LONGEST_LIFE = Duration.ofMinutes(10);
  private static final int MOST_POINTS = 1_000;

  private final String uplink;
  private final PointFilter writable;
  private final Parts parts;

  /** Services, which may come and go. */
  public record Parts(
      Supplier<@Nullable Gateway> gateway, Supplier<@Nullable CommandGate> gate, Clock clock) {}

  /**
   * Operations of an uplink.
   *
   * @param uplink its name, for the audit log
   * @param writable points that may be written
   */
  public Operations(String uplink, PointFilter writable, Parts parts) {
    this.uplink = uplink;
    this.writable = writable;
    this.parts = parts;
  }

  /**
   * Carries a request out. Does not block.
   *
   * @return the payload of the answer; fails with an {@link OperationException}
   */
  CompletionStage<JsonObject> carryOut(String id, String operation, JsonObject document) {
    JsonObject request = JsonText.child(document, "request");
    if (request == null) {
      throw bad("expected 'request', an object");
    }
    Instant expiresAt = expiry(document);
    return switch (operation) {
      case "ReadPoints" -> read(request, expiresAt);
      case "WritePoint" -> write(id, request, expiresAt);
      default ->
          throw new OperationException(
              "UNKNOWN_OPERATION",
              "expected the operation ReadPoints or WritePoint, found '" + operation + "'");
    };
  }

  private CompletionStage<JsonObject> read(JsonObject request, Instant expiresAt) {
    String device = device(request);
    List<String> points = points(request);
    Duration left = Duration.between(parts.clock().instant(), expiresAt);
    return present(parts.gateway())
        .read(device, points, left)
        .handle(
            (samples, failure) -> {
              if (failure == null) {
                return values(device, samples);
              }
              Throwable cause = failure.getCause() == null ? failure : failure.getCause();
              boolean unknown =
                  failure instanceof IllegalArgumentException
                      || cause instanceof IllegalArgumentException;
              throw new OperationException(
                  unknown ? "NOT_FOUND" : "FAILED",
                  String.valueOf((unknown ? cause : failure).getMessage()));
            });
  }

  private static JsonObject values(String device, List<Sample> samples) {
    JsonObject payload = new JsonObject();
    payload.addProperty("device", device);
    JsonArray values = new JsonArray();
    for (Sample sample : samples) {
      JsonObject one = new JsonObject();
      one.addProperty("point", sample.point());
      Value value = sample.value();
      JsonElement json = value == null ? null : JsonValues.json(value);
      one.add("value", json == null ? JsonNull.INSTANCE : json);
      one.addProperty("quality", sample.quality().name());
      if (!sample.reason().isEmpty()) {
        one.addProperty("reason", sample.reason());
      }
      one.addProperty("time", sample.sourceTime().toString());
      values.add(one);
    }
    payload.add("values", values);
    return payload;
  }

  private CompletionStage<JsonObject> write(String id, JsonObject request, Instant expiresAt) {
    String device = device(request);
    String point =
        JsonText.text(request, "point").orElseThrow(() -> bad("expected 'point', a text"));
    if (!writable.matches(device, point)) {
      throw new OperationException(
          "NOT_ALLOWED",
          "'" + device + "/" + point + "' is not among 'commands.write' of the gateway's uplink");
    }
    Value value;
    try {
      value = JsonValues.value(request.get("value"));
    } catch (IllegalArgumentException e) {
      throw bad(String.valueOf(e.getMessage()));
    }
    WriteCommand command =
        new WriteCommand(
            uplink + ":" + id, "back channel", uplink, device, point, value, expiresAt, true);
    return present(parts.gate()).submit(command).thenApply(outcome -> written(outcome, request));
  }

  private static JsonObject written(CommandOutcome outcome, JsonObject request) {
    if (outcome.status() != CommandOutcome.Status.DONE) {
      throw new OperationException(outcome.status().name(), outcome.message());
    }
    JsonObject payload = new JsonObject();
    payload.add("device", request.get("device"));
    payload.add("point", request.get("point"));
    Value readBack = outcome.readBack();
    JsonElement json = readBack == null ? null : JsonValues.json(readBack);
    payload.add("value", json == null ? JsonNull.INSTANCE : json);
    if (json == null && !outcome.message().isEmpty()) {
      payload.addProperty("note", outcome.message());
    }
    return payload;
  }

  private static String device(JsonObject request) {
    return JsonText.text(request, "device").orElseThrow(() -> bad("expected 'device', a text"));
  }

  private static List<String> points(JsonObject request) {
    Optional<String> one = JsonText.text(request, "point");
    if (one.isPresent()) {
      return List.of(one.get());
    }
    List<String> points = new ArrayList<>();
    if (request.get("points") instanceof JsonArray array && array.size() <= MOST_POINTS) {
      for (JsonElement element : array) {
        if (element.isJsonPrimitive()) {
          points.add(element.getAsString());
        }
      }
    }
    if (points.isEmpty()) {
      throw bad("expected 'point', a text, or 'points', a list of 1.." + MOST_POINTS + " texts");
    }
    return points;
  }

  private Instant expiry(JsonObject document) {
    Instant now = parts.clock().instant();
    if (!document.has("expiresAt")) {
      return now.plus(DEFAULT_LIFE);
    }
    Instant expiresAt =
        JsonText.text(document, "expiresAt")
            .map(Operations::instant)
            .or(() -> JsonText.whole(document, "expiresAt").map(Instant::ofEpochMilli))
            .orElseThrow(
                () -> bad("expected 'expiresAt' as 2026-01-31T12:00:00Z or in ms since 1970"));
    if (!expiresAt.isAfter(now)) {
      throw new OperationException(
          "EXPIRED", "expired at " + expiresAt + "; the gateway's clock says " + now);
    }
    if (expiresAt.isAfter(now.plus(LONGEST_LIFE))) {
      throw bad("expected 'expiresAt' within " + LONGEST_LIFE.toMinutes() + " minutes from now");
    }
    return expiresAt;
  }

  private static Instant instant(String text) {
    try {
      return Instant.parse(text);
    } catch (DateTimeParseException e) {
      throw bad("expected 'expiresAt' as 2026-01-31T12:00:00Z, found '" + text + "'");
    }
  }

  private static <T> T present(Supplier<@Nullable T> service) {
    T found = service.get();
    if (found == null) {
      throw new OperationException("NOT_READY", "the gateway is starting");
    }
    return found;
  }

  private static OperationException bad(String words) {
    return new OperationException("BAD_REQUEST", words);
  }
}
