package io.snaprail.localiot.internal.jobs;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import io.snaprail.localiot.internal.json.JsonException;
import io.snaprail.localiot.internal.json.StrictJson;
import io.snaprail.localiot.internal.limits.Quotas;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The payload of a request about jobs; what is wrong in it is named. */
final class JobRequest {
  private static final Pattern DETAIL_KEY = Pattern.compile("[a-zA-Z0-9:_-]{1,128}");
  private static final Pattern DETAIL_VALUE = Pattern.compile("[^\\p{C}]{1,1024}");
  private static final int DETAILS = 10;

  private final JsonObject json;

  private JobRequest(JsonObject json) {
    this.json = json;
  }

  /** Reads a payload, which may be empty. */
  static JobRequest of(byte[] payload) throws JobsException {
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(payload)).toString();
      return new JobRequest(text.isBlank() ? new JsonObject() : StrictJson.parseObject(text));
    } catch (CharacterCodingException e) {
      throw new JobsException(JobError.INVALID_JSON, "the payload is not UTF-8");
    } catch (JsonException e) {
      throw new JobsException(JobError.INVALID_JSON, String.valueOf(e.getMessage()));
    }
  }

  /** The token to give back; null for none. */
  @Nullable String clientToken() throws JobsException {
    String token = string("clientToken");
    if (token != null
        && token.getBytes(StandardCharsets.UTF_8).length > Quotas.CLIENT_TOKEN_BYTES) {
      throw invalid("clientToken: expected at most " + Quotas.CLIENT_TOKEN_BYTES + " bytes");
    }
    return token;
  }

  /** The token of a payload that may be anything, for the answer to a bad request. */
  static @Nullable String tokenOf(byte[] payload) {
    try {
      return of(payload).clientToken();
    } catch (JobsException tokenIsNotReadableEither) {
      return null;
    }
  }

  /** The state that the device wants. */
  ExecutionStatus status() throws JobsException {
    String name = string("status");
    if (name == null) {
      throw invalid("status: expected one, found none");
    }
    return ExecutionStatus.of(name)
        .orElseThrow(
            () ->
                invalid(
                    "status: expected IN_PROGRESS, FAILED, SUCCEEDED or REJECTED, found '"
                        + name
                        + "'"));
  }

  /** What the device tells; null when it tells nothing. */
  @Nullable Map<String, String> statusDetails() throws JobsException {
    JsonElement told = json.get("statusDetails");
    if (told == null || told.isJsonNull()) {
      return null;
    }
    if (!told.isJsonObject()) {
      throw invalid("statusDetails: expected an object, found " + StrictJson.kind(told));
    }
    Map<String, String> details = new HashMap<>();
    for (Map.Entry<String, JsonElement> entry : told.getAsJsonObject().entrySet()) {
      details.put(entry.getKey(), detail(entry.getKey(), entry.getValue()));
    }
    if (details.size() > DETAILS) {
      throw invalid(
          "statusDetails: expected at most %d pairs, found %d".formatted(DETAILS, details.size()));
    }
    return details;
  }

  private static String detail(String key, JsonElement value) throws JobsException {
    if (!DETAIL_KEY.matcher(key).matches()) {
      throw invalid("statusDetails: expected keys of 1..128 letters, digits, ':', '_', '-'");
    }
    if (value instanceof JsonPrimitive text
        && text.isString()
        && DETAIL_VALUE.matcher(text.getAsString()).matches()) {
      return text.getAsString();
    }
    throw invalid(
        "statusDetails: expected a string of 1..1024 characters without control characters for '"
            + key
            + "'");
  }

  /** 1..10080 minutes, -1 to end the timer where the caller allows it, 0 when not given. */
  int stepTimeoutMinutes(boolean mayEnd) throws JobsException {
    OptionalLong minutes = number("stepTimeoutInMinutes");
    if (minutes.isEmpty()) {
      return 0;
    }
    long value = minutes.getAsLong();
    if ((value < 1 || value > Quotas.JOB_TIMEOUT_MINUTES) && !(mayEnd && value == -1)) {
      throw invalid(
          "stepTimeoutInMinutes: expected 1..%d%s, found %d"
              .formatted(
                  Quotas.JOB_TIMEOUT_MINUTES, mayEnd ? " or -1 to end the timer" : "", value));
    }
    return (int) value;
  }

  /** A flag; the default when it is not given. */
  boolean flag(String name, boolean byDefault) throws JobsException {
    JsonElement value = json.get(name);
    if (value == null || value.isJsonNull()) {
      return byDefault;
    }
    if (value instanceof JsonPrimitive flag && flag.isBoolean()) {
      return flag.getAsBoolean();
    }
    throw invalid(name + ": expected true or false, found " + StrictJson.kind(value));
  }

  /** A whole number; the developer guide prints some of them as strings, so both are taken. */
  OptionalLong number(String name) throws JobsException {
    JsonElement value = json.get(name);
    if (value == null || value.isJsonNull()) {
      return OptionalLong.empty();
    }
    if (value instanceof JsonPrimitive number && number.getAsString().matches("-?[0-9]{1,18}")) {
      return OptionalLong.of(Long.parseLong(number.getAsString()));
    }
    throw invalid(name + ": expected a whole number, found " + StrictJson.kind(value));
  }

  private @Nullable String string(String name) throws JobsException {
    JsonElement value = json.get(name);
    if (value == null || value.isJsonNull()) {
      return null;
    }
    if (value instanceof JsonPrimitive text && text.isString()) {
      return text.getAsString();
    }
    throw invalid(name + ": expected a string, found " + StrictJson.kind(value));
  }

  private static JobsException invalid(String message) {
    return new JobsException(JobError.INVALID_REQUEST, message);
  }
}
