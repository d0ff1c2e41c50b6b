package io.snaprail.console.internal.api;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import io.snaprail.api.command.CommandGate;
import io.snaprail.api.command.CommandOutcome;
import io.snaprail.api.command.WriteCommand;
import io.snaprail.api.model.Value;
import io.snaprail.api.security.Role;
import io.snaprail.console.internal.access.Refusal;
import io.snaprail.console.internal.access.RequestRules;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/** The route that writes points, through the command gate and no other way. */
public final class CommandRoutes {
  private static final Duration DEFAULT_EXPIRY = Duration.ofSeconds(5);
  private static final long MIN_EXPIRY_MS = 100;
  private static final long MAX_EXPIRY_MS = 60_000;

  /** The gate answers soon after the command has expired. */
  private static final Duration GRACE = Duration.ofSeconds(5);

  private static final int MAX_AT_ONCE = 64;
  private static final Set<String> KEYS = Set.of("value", "id", "expiresInMs");

  private final Services services;
  private final Clock clock;
  private final Semaphore slots = new Semaphore(MAX_AT_ONCE);

  /** With the gate to use. */
  public CommandRoutes(Services services, Clock clock) {
    this.services = services;
    this.clock = clock;
  }

  /** Adds the route. */
  public void addTo(Router router) {
    router.add("POST", "/api/v1/points/{device}/{point}", Role.OPERATOR, this::write);
  }

  private Reply write(ApiRequest request) throws Refusal, IOException {
    JsonObject body = request.body();
    for (String key : body.keySet()) {
      if (!KEYS.contains(key)) {
        throw invalid("unknown key \"" + key + "\"; expected value, id or expiresInMs");
      }
    }
    Value value = value(body.get("value"));
    Duration expiry = expiry(body.get("expiresInMs"));
    WriteCommand command =
        new WriteCommand(
            id(body.get("id")),
            request.caller().session() == null ? "api" : "console",
            request.caller().actor(),
            request.parameter("device"),
            request.parameter("point"),
            value,
            clock.instant().plus(expiry));
    CommandGate gate =
        services.commands().orElseThrow(() -> RequestRules.starting("the command gate is"));
    if (!slots.tryAcquire()) {
      throw new Refusal(
          503, "busy", "Too many writes are waiting already. Try again when some are done.");
    }
    return new Reply.Later(submit(gate, command), expiry.plus(GRACE));
  }

  private CompletionStage<Reply> submit(CommandGate gate, WriteCommand command) {
    boolean taken = false;
    try {
      CompletionStage<Reply> stage =
          gate.submit(command)
              .whenComplete((outcome, failure) -> slots.release())
              .thenApply(CommandRoutes::reply);
      taken = true;
      return stage;
    } finally {
      if (!taken) {
        slots.release();
      }
    }
  }

  private static Reply reply(CommandOutcome outcome) {
    JsonObject json = new JsonObject();
    json.addProperty("id", outcome.id());
    json.addProperty("status", outcome.status().name());
    json.addProperty("message", outcome.message());
    json.add("readBack", Views.value(outcome.readBack()));
    int status =
        switch (outcome.status()) {
          case DONE -> 200;
          case REJECTED -> 422;
          case NOT_FOUND -> 404;
          case FAILED -> 502;
          case EXPIRED, UNKNOWN -> 504;
        };
    return new Reply.Json(status, json);
  }

  /** JSON true and false, numbers and texts; whole numbers stay whole. */
  static Value value(@Nullable JsonElement json) throws Refusal {
    if (json == null || !json.isJsonPrimitive()) {
      throw invalid("\"value\" must be a number, true, false or a text");
    }
    JsonPrimitive primitive = json.getAsJsonPrimitive();
    if (primitive.isBoolean()) {
      return new Value.Bool(primitive.getAsBoolean());
    }
    if (primitive.isString()) {
      return new Value.Text(primitive.getAsString());
    }
    String text = primitive.getAsString();
    try {
      if (text.chars().allMatch(c -> c == '-' || Character.isDigit(c))) {
        return new Value.Int(Long.parseLong(text));
      }
      double number = Double.parseDouble(text);
      if (Double.isFinite(number)) {
        return new Value.Float64(number);
      }
    } catch (NumberFormatException e) {
      throw invalid("\"value\" " + text + " is beyond 64 bits");
    }
    throw invalid("\"value\" " + text + " is beyond double precision");
  }

  private static String id(@Nullable JsonElement json) throws Refusal {
    if (json == null) {
      return UUID.randomUUID().toString();
    }
    boolean text = json.isJsonPrimitive() && json.getAsJsonPrimitive().isString();
    String id = text ? json.getAsString() : "";
    if (id.isBlank() || id.length() > WriteCommand.MAX_ID_LENGTH) {
      throw invalid("\"id\" must be a text of 1.." + WriteCommand.MAX_ID_LENGTH + " characters");
    }
    return id;
  }

  private static Duration expiry(@Nullable JsonElement json) throws Refusal {
    if (json == null) {
      return DEFAULT_EXPIRY;
    }
    boolean number = json.isJsonPrimitive() && json.getAsJsonPrimitive().isNumber();
    double millis = number ? json.getAsDouble() : Double.NaN;
    if (!(millis >= MIN_EXPIRY_MS && millis <= MAX_EXPIRY_MS)) {
      throw invalid("\"expiresInMs\" must be a number, " + MIN_EXPIRY_MS + ".." + MAX_EXPIRY_MS);
    }
    return Duration.ofMillis((long) millis);
  }

  private static Refusal invalid(String message) {
    return new Refusal(400, "bad_value", "The body is not right: " + message + ".");
  }
}
