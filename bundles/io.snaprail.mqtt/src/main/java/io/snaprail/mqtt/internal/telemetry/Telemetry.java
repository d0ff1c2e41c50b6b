package io.snaprail.mqtt.internal.telemetry;

import io.snaprail.api.model.SampleBatch;
import io.snaprail.api.runtime.SampleListener;
import io.snaprail.api.uplink.Spool;
import java.util.HashMap;
import java.util.Map;

/**
 * Takes samples from the core, and puts one message a device and cycle into the spool. Never waits
 * for the network: the core calls it by one thread at a time.
 */
final class Telemetry implements SampleListener {
  private static final int MAX_DEVICES = 10_000;

  private final DeviceFilter filter;
  private final TopicTemplate template;
  private final PayloadEncoder encoder;
  private final Spool spool;
  private final Counters counters;
  private final UplinkProblems problems;
  private final Map<String, Route> routes = new HashMap<>();

  Telemetry(
      Selection selection,
      PayloadEncoder encoder,
      Spool spool,
      Counters counters,
      UplinkProblems problems) {
    this.filter = selection.filter();
    this.template = selection.template();
    this.encoder = encoder;
    this.spool = spool;
    this.counters = counters;
    this.problems = problems;
  }

  /** Which devices go where. */
  record Selection(DeviceFilter filter, TopicTemplate template) {}

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
      send(batch, route.topic());
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
      encoder.encode(batch, payload -> append(topic, payload));
      problems.clear(key);
    } catch (IllegalArgumentException e) {
      counters.reject();
      problems.note(
          key, "device '" + batch.device() + "', " + e.getMessage() + "; the cycle is not sent");
    }
  }

  private void append(String topic, byte[] payload) {
    if (spool.append(Spool.Lane.NORMAL, topic, payload) < 0) {
      throw new IllegalArgumentException(
          "spool.bytes: a message of " + payload.length + " bytes does not fit into the spool");
    }
  }
}
