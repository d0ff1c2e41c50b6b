package io.snaprail.mqtt.internal.telemetry;

import io.snaprail.api.model.SampleBatch;
import io.snaprail.api.runtime.SampleListener;
import java.util.HashMap;
import java.util.Map;

/**
 * Takes samples from the core and says which of them go where. Never waits for the network: the
 * core calls it by one thread at a time.
 */
final class Telemetry implements SampleListener {
  private static final int MAX_DEVICES = 10_000;

  private final DeviceFilter filter;
  private final TopicTemplate template;
  private final ChangeFilter changes;
  private final Sender sender;
  private final Counters counters;
  private final UplinkProblems problems;
  private final Map<String, Route> routes = new HashMap<>();

  Telemetry(What what, Sender sender, Counters counters, UplinkProblems problems) {
    this.filter = what.filter();
    this.template = what.template();
    this.changes = what.changes();
    this.sender = sender;
    this.counters = counters;
    this.problems = problems;
  }

  /** Which devices go where, and what of them. */
  record What(DeviceFilter filter, TopicTemplate template, ChangeFilter changes) {}

  /** Takes what is to be sent. */
  @FunctionalInterface
  interface Sender {
    /** By one thread at a time. */
    void send(String topic, SampleBatch batch);
  }

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
        sender.send(route.topic(), changed);
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
}
