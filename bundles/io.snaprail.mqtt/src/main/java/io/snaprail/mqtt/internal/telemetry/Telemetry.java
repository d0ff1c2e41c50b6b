package io.snaprail.mqtt.internal.telemetry;

import io.snaprail.api.model.SampleBatch;
import io.snaprail.api.mqtt.Cycles;
import io.snaprail.api.mqtt.TelemetryEncoding;
import io.snaprail.api.runtime.SampleListener;
import io.snaprail.api.uplink.Spool;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Takes samples from the core, and puts one message a device and cycle into the spool. Never waits
 * for the network: the core calls it by one thread at a time.
 */
final class Telemetry implements SampleListener {
  private static final int MAX_DEVICES = 10_000;

  private final DeviceFilter filter;
  private final TopicTemplate template;
  private final ChangeFilter changes;
  private final Supplier<Spool.Lane> lane;
  private final TelemetryEncoding encoding;
  private final Supplier<String> bootId;
  private final Spool spool;
  private final Counters counters;
  private final UplinkProblems problems;
  private final Map<String, Route> routes = new HashMap<>();

  Telemetry(What what, How how, Spool spool, Counters counters, UplinkProblems problems) {
    this.filter = what.filter();
    this.template = what.template();
    this.changes = what.changes();
    this.lane = what.lane();
    this.encoding = how.encoding();
    this.bootId = how.bootId();
    this.spool = spool;
    this.counters = counters;
    this.problems = problems;
  }

  /** Which devices go where, what of them, and into which lane now. */
  record What(
      DeviceFilter filter,
      TopicTemplate template,
      ChangeFilter changes,
      Supplier<Spool.Lane> lane) {}

  /** How it is written, and the gateway's boot id. */
  record How(TelemetryEncoding encoding, Supplier<String> bootId) {}

  /** Where a device goes; an empty topic for nowhere. */
  private record Route(String topic, boolean refused) {
    static final Route NOT_SELECTED = new Route("", false);
    static final Route REFUSED = new Route("", true);
  }

  @Override
  public void samples(SampleBatch batch) {
    Route route = routes.get(batch.device());
    if (route == null) {
      route = route(batch.device());
      if (routes.size() >= MAX_DEVICES) {
        routes.clear();
      }
      routes.put(batch.device(), route);
    }
    if (route.refused()) {
      counters.reject();
    } else if (!route.topic().isEmpty()) {
      SampleBatch changed = changes.changed(batch);
      if (changed != null) {
        send(changed, route.topic());
      }
    }
  }

  private Route route(String device) {
    if (!filter.selects(device)) {
      return Route.NOT_SELECTED;
    }
    try {
      return new Route(template.topic(device), false);
    } catch (IllegalArgumentException e) {
      problems.note("device:" + device, e.getMessage() + "; its samples are not sent");
      return Route.REFUSED;
    }
  }

  private void send(SampleBatch batch, String topic) {
    String key = "size:" + batch.device();
    try {
      encoding.encode(Cycles.of(topic, bootId.get(), List.of(batch)), this::append);
      problems.clear(key);
    } catch (IllegalArgumentException e) {
      counters.reject();
      problems.note(
          key, "device '" + batch.device() + "', " + e.getMessage() + "; the cycle is not sent");
    }
  }

  private void append(String topic, byte[] payload) {
    if (spool.append(lane.get(), topic, payload) < 0) {
      throw new IllegalArgumentException(
          "spool.bytes: a message of "
              + payload.length
              + " bytes does not fit into the spool, or the spool is full and takes nothing new");
    }
  }
}
