package io.snaprail.awsiot.internal.command;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import io.snaprail.api.command.CommandGate;
import io.snaprail.api.command.CommandOutcome;
import io.snaprail.api.command.PointFilter;
import io.snaprail.api.command.WriteCommand;
import io.snaprail.api.model.Sample;
import io.snaprail.api.model.Value;
import io.snaprail.api.runtime.Gateway;
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

/**
 * What the back channel can do: {@code ReadPoints} and {@code WritePoint}, and where it is allowed
 * the raw requests of {@link RawRequest}.
 */
public final class Operations {
  private static final Duration DEFAULT_LIFE = Duration.ofSeconds(10);
  private static final Duration LONGEST_LIFE = Duration.ofMinutes(10);
  private static final int MOST_POINTS = 1_000;

  private final String uplink;
  private final Allowed allowed;
  private final Parts parts;

  /**
   * What it works with; services may come and go.
   *
   * @param raw the way past the points
   */
  public record Parts(
      Supplier<@Nullable Gateway> gateway,
      Supplier<@Nullable CommandGate> gate,
      RawAccess raw,
      Clock clock) {}

  /**
   * What may be asked for.
   *
   * @param write points that may be written
   * @param raw devices and raw operations
   */
  public record Allowed(PointFilter write, PointFilter raw) {}

  /**
   * A request that may be carried out.
   *
   * @param changes whether it changes something
   * @param action does it, without blocking; the payload of the answer, or an {@link
   *     OperationException}
   */
  record Prepared(boolean changes, Supplier<CompletionStage<JsonObject>> action) {}

  /**
   * Operations of an uplink.
   *
   * @param uplink its name, for the audit log
   */
  public Operations(String uplink, Allowed allowed, Parts parts) {
    this.uplink = uplink;
    this.allowed = allowed;
    this.parts = parts;
  }

  /**
   * Looks whether a request may be carried out.
   *
   * @param operation with or without {@code Request} behind it
   * @throws OperationException when it may not
   */
  Prepared prepare(String id, String operation, JsonObject document) {
    JsonObject request = JsonText.child(document, "request");
    if (request == null) {
      throw bad("expected 'request', an object");
    }
    Instant expiresAt = expiry(document);
    String name = operation.replaceFirst("Request$", "");
    if (RawRequest.is(name)) {
      return raw(name, request, expiresAt);
    }
    return switch (name) {
      case "ReadPoints" -> read(request, expiresAt);
      case "WritePoint" -> write(id, request, expiresAt);
      default ->
          throw new OperationException(
              "UNKNOWN_OPERATION",
              "expected the operation ReadPoints or WritePoint, or a raw one such as"
                  + " ReadHoldingRegisters, found '"
                  + operation
                  + "'");
    };
  }

  private Prepared raw(String operation, JsonObject request, Instant expiresAt) {
    String device = device(request);
    if (!allowed.raw().matches(device, operation)) {
      throw new OperationException(
          "NOT_ALLOWED",
          "'" + device + "/" + operation + "' is not among 'commands.raw' of the gateway's uplink");
    }
    RawRequest raw = RawRequest.of(operation, request);
    return new Prepared(
        RawRequest.writes(operation),
        () ->
            parts
                .raw()
                .carryOut(device, raw, Duration.between(parts.clock().instant(), expiresAt)));
  }

  private Prepared read(JsonObject request, Instant expiresAt) {
    String device = device(request);
    List<String> points = points(request);
    return new Prepared(false, () -> read(device, points, expiresAt));
  }

  private CompletionStage<JsonObject> read(String device, List<String> points, Instant expiresAt) {
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

  private Prepared write(String id, JsonObject request, Instant expiresAt) {
    String device = device(request);
    String point =
        JsonText.text(request, "point").orElseThrow(() -> bad("expected 'point', a text"));
    if (!allowed.write().matches(device, point)) {
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
    return new Prepared(
        true,
        () ->
            present(parts.gate()).submit(command).thenApply(outcome -> written(outcome, request)));
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

  static <T> T present(Supplier<@Nullable T> service) {
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
