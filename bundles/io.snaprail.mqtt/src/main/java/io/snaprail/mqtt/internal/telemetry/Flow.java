package io.snaprail.mqtt.internal.telemetry;

import io.snaprail.mqtt.internal.link.Fault;
import io.snaprail.mqtt.internal.link.InFlight;
import io.snaprail.mqtt.internal.link.Link;
import io.snaprail.mqtt.internal.link.LinkException;
import io.snaprail.mqtt.internal.link.Traffic;
import io.snaprail.mqtt.internal.session.Session;
import io.snaprail.mqtt.internal.session.Subscriptions;
import java.util.Set;

/** The traffic of an uplink: the connector's own messages first, then the spool's. */
final class Flow implements Traffic {
  private final String endpoint;
  private final Session session;
  private final Subscriptions subscriptions;
  private final Pump pump;
  private final UplinkProblems problems;
  private Set<String> refused = Set.of();

  Flow(
      String endpoint,
      Session session,
      Subscriptions subscriptions,
      Pump pump,
      UplinkProblems problems) {
    this.endpoint = endpoint;
    this.session = session;
    this.subscriptions = subscriptions;
    this.pump = pump;
    this.problems = problems;
  }

  @Override
  public void begin(Link link, InFlight inFlight) throws LinkException {
    pump.begin(link, inFlight);
    session.begin(link, inFlight);
  }

  @Override
  public void step() throws LinkException, InterruptedException {
    session.step();
    pump.step();
    tellRefusals();
  }

  @Override
  public boolean idle() {
    return pump.idle();
  }

  @Override
  public void goodbye() {
    session.goodbye();
  }

  @Override
  public boolean hurries() {
    return pump.hurries();
  }

  @Override
  public void end(Fault reason) {
    pump.end(reason);
    session.end(reason);
  }

  private void tellRefusals() {
    Set<String> now = subscriptions.refused();
    if (now.equals(refused)) {
      return;
    }
    refused = now;
    if (now.isEmpty()) {
      problems.clear("subscribe");
    } else {
      problems.note(
          "subscribe",
          endpoint
              + ": the broker refuses to subscribe to "
              + String.join(", ", now.stream().sorted().toList())
              + ". Allow it in the policy of this client.");
    }
  }
}
