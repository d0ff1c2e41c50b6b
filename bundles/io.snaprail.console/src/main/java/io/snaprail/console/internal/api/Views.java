package io.snaprail.console.internal.api;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import io.snaprail.api.health.ProblemBoard;
import io.snaprail.api.model.PointDefinition;
import io.snaprail.api.model.Sample;
import io.snaprail.api.model.Value;
import io.snaprail.api.runtime.DeviceStatus;
import io.snaprail.api.runtime.PointStatus;
import io.snaprail.api.uplink.UplinkStatus;
import java.util.Collection;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The gateway's values as JSON, as the OpenAPI file describes them. */
public final class Views {
  private Views() {}

  /** An array of views. */
  public static <T> JsonArray array(Collection<T> items, Function<T, JsonElement> view) {
    JsonArray array = new JsonArray(items.size());
    items.forEach(item -> array.add(view.apply(item)));
    return array;
  }

  /** Schema {@code Device}. */
  public static JsonObject device(DeviceStatus device) {
    JsonObject json = new JsonObject();
    json.addProperty("name", device.name());
    json.addProperty("driver", device.driver());
    json.addProperty("pid", device.pid());
    json.addProperty("bus", device.bus());
    json.addProperty("state", device.state().name());
    json.addProperty("message", device.message());
    json.addProperty("points", device.points());
    json.addProperty("periodMs", device.period().toMillis());
    json.add("lastAnswer", text(device.lastAnswer()));
    json.addProperty("cycles", device.cycles());
    json.addProperty("failedCycles", device.failedCycles());
    json.addProperty("missedPeriods", device.missedPeriods());
    json.addProperty("deadlineMisses", device.deadlineMisses());
    json.addProperty("lastReadMs", device.lastRead().toNanos() / 1e6);
    return json;
  }

  /** Schema {@code Point}. */
  public static JsonObject point(PointStatus point) {
    PointDefinition definition = point.definition();
    JsonObject json = new JsonObject();
    json.addProperty("device", point.device());
    json.addProperty("point", definition.name());
    sample(json, point.sample());
    json.addProperty("sequence", point.sequence());
    json.addProperty("unit", definition.unit());
    json.addProperty("type", definition.type());
    json.addProperty("address", definition.address());
    json.addProperty("access", definition.access().code());
    json.add("min", number(definition.min()));
    json.add("max", number(definition.max()));
    json.addProperty("description", definition.description());
    return json;
  }

  /** The properties that a sample gives; null before the first. */
  static void sample(JsonObject json, @Nullable Sample sample) {
    if (sample == null) {
      json.add("value", JsonNull.INSTANCE);
      json.addProperty("text", "");
      json.addProperty("quality", "NONE");
      json.addProperty("reason", "not read yet");
      json.add("sourceTime", JsonNull.INSTANCE);
      return;
    }
    Value value = sample.value();
    json.add("value", value(value));
    json.addProperty("text", value == null ? "" : value.text());
    json.addProperty("quality", sample.quality().name());
    json.addProperty("reason", sample.reason());
    json.addProperty("sourceTime", sample.sourceTime().toString());
  }

  /** A value; numbers that JSON cannot express, such as NaN, become texts. */
  static JsonElement value(@Nullable Value value) {
    if (value == null) {
      return JsonNull.INSTANCE;
    }
    Object plain = value.plain();
    if (plain instanceof Boolean flag) {
      return new JsonPrimitive(flag);
    }
    if (plain instanceof Number number && Double.isFinite(number.doubleValue())) {
      return new JsonPrimitive(number);
    }
    return new JsonPrimitive(value.text());
  }

  /** Schema {@code Uplink}. */
  public static JsonObject uplink(UplinkStatus uplink) {
    JsonObject json = new JsonObject();
    json.addProperty("name", uplink.name());
    json.addProperty("endpoint", uplink.endpoint());
    json.addProperty("state", uplink.state().name());
    json.addProperty("message", uplink.message());
    json.addProperty("since", uplink.since().toString());
    json.addProperty("acknowledged", uplink.acknowledged());
    json.add("lastAcknowledged", text(uplink.lastAcknowledged()));
    json.addProperty("waiting", uplink.spool().entries());
    json.addProperty("waitingBytes", uplink.spool().bytes());
    json.addProperty("capacityBytes", uplink.spool().capacityBytes());
    json.addProperty("dropped", uplink.spool().dropped());
    return json;
  }

  /** Schema {@code Problem}. */
  public static JsonObject problem(ProblemBoard.Entry entry) {
    JsonObject json = new JsonObject();
    json.addProperty("source", entry.source());
    json.addProperty("severity", entry.problem().severity().name());
    json.addProperty("subject", entry.problem().subject());
    json.addProperty("message", entry.problem().message());
    json.addProperty("since", entry.since().toString());
    return json;
  }

  /** A time or anything else with a text form; null stays null. */
  static JsonElement text(@Nullable Object object) {
    return object == null ? JsonNull.INSTANCE : new JsonPrimitive(object.toString());
  }

  private static JsonElement number(@Nullable Number number) {
    return number == null ? JsonNull.INSTANCE : new JsonPrimitive(number);
  }
}
