package io.snaprail.console.internal.live;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.snaprail.api.health.ProblemBoard;
import io.snaprail.api.model.PointDefinition;
import io.snaprail.api.model.Quality;
import io.snaprail.api.model.Sample;
import io.snaprail.api.model.Value;
import io.snaprail.api.runtime.DeviceStatus;
import io.snaprail.api.runtime.Gateway;
import io.snaprail.api.runtime.PointStatus;
import io.snaprail.api.uplink.Uplink;
import io.snaprail.api.uplink.UplinkStatus;
import io.snaprail.console.internal.api.Health;
import io.snaprail.console.internal.api.Replies;
import io.snaprail.console.internal.api.Services;
import io.snaprail.console.internal.api.Views;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What goes to the pages: a {@code snapshot} of all points when the points as such have changed,
 * {@code changes} for those with a new sample, {@code status} for devices, uplinks and problems.
 * Used by one thread.
 */
final class LiveFrames {
  private final Services services;
  private final Clock clock;

  private List<PointDefinition> definitions = List.of();
  private List<PointStatus> points = List.of();
  private String status = "";

  LiveFrames(Services services, Clock clock) {
    this.services = services;
    this.clock = clock;
  }

  /** Looks at the gateway; what has changed since the last look, empty when nothing has. */
  String next() {
    StringBuilder out = new StringBuilder();
    List<PointStatus> now = services.gateway().map(Gateway::points).orElse(List.of());
    List<PointDefinition> defined = now.stream().map(PointStatus::definition).toList();
    if (!sameRows(now, defined)) {
      definitions = defined;
      points = now;
      out.append(pointsSnapshot());
    } else {
      out.append(changes(now));
      points = now;
    }
    String latest = statusData();
    if (!latest.equals(status)) {
      status = latest;
      out.append(event("status", latest));
    }
    return out.toString();
  }

  /** Everything, for someone who has seen nothing. */
  String snapshot() {
    return pointsSnapshot() + event("status", status);
  }

  /** A sign of life. */
  String tick() {
    return event("tick", "{\"now\":" + clock.millis() + "}");
  }

  private boolean sameRows(List<PointStatus> now, List<PointDefinition> defined) {
    if (!defined.equals(definitions)) {
      return false;
    }
    for (int i = 0; i < now.size(); i++) {
      if (!now.get(i).device().equals(points.get(i).device())) {
        return false;
      }
    }
    return true;
  }

  private String pointsSnapshot() {
    JsonObject json = new JsonObject();
    json.addProperty("now", clock.millis());
    json.add("points", Views.array(points, Views::point));
    return event("snapshot", Replies.json(json));
  }

  private String changes(List<PointStatus> now) {
    JsonArray rows = new JsonArray();
    for (int i = 0; i < now.size(); i++) {
      Sample sample = now.get(i).sample();
      if (sample != null && !sample.equals(points.get(i).sample())) {
        rows.add(row(i, sample));
      }
    }
    if (rows.isEmpty()) {
      return "";
    }
    JsonObject json = new JsonObject();
    json.addProperty("now", clock.millis());
    json.add("rows", rows);
    return event("changes", Replies.json(json));
  }

  /** Position in the snapshot, text, quality, time; the reason where there is one. */
  private static JsonElement row(int index, Sample sample) {
    Value value = sample.value();
    JsonArray row = new JsonArray();
    row.add(index);
    row.add(value == null ? "" : value.text());
    row.add(sample.quality().name());
    row.add(sample.sourceTime().toEpochMilli());
    if (sample.quality() != Quality.GOOD) {
      row.add(sample.reason());
    }
    return row;
  }

  private String statusData() {
    List<DeviceStatus> devices = services.gateway().map(Gateway::devices).orElse(List.of());
    List<ProblemBoard.Entry> problems =
        services.problems().map(ProblemBoard::problems).orElse(List.of());
    List<UplinkStatus> uplinks = new ArrayList<>();
    for (Uplink uplink : services.uplinks()) {
      uplinks.add(uplink.status());
    }
    JsonObject json = new JsonObject();
    json.addProperty("ready", services.gateway().isPresent());
    json.addProperty(
        "health", Health.of(problems, devices, uplinks).name().toLowerCase(Locale.ROOT));
    json.add("devices", Views.array(devices, LiveFrames::device));
    json.add("uplinks", Views.array(uplinks, Views::uplink));
    json.add("problems", Views.array(problems, Views::problem));
    return Replies.json(json);
  }

  /** Without its counters, which would change with every cycle. */
  private static JsonObject device(DeviceStatus device) {
    JsonObject json = new JsonObject();
    json.addProperty("name", device.name());
    json.addProperty("state", device.state().name());
    json.addProperty("message", device.message());
    json.addProperty("pid", device.pid());
    json.addProperty("points", device.points());
    json.addProperty("periodMs", device.period().toMillis());
    return json;
  }

  /** An event as the WHATWG HTML standard, section 9.2, wants it. The data has no line breaks. */
  static String event(String type, @Nullable String data) {
    return "event: " + type + "\ndata: " + data + "\n\n";
  }
}
