package io.snaprail.mqtt.internal.link;

import io.snaprail.api.uplink.UplinkStatus.State;
import java.time.Clock;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;

/** State of a connection as people see it. Set by its supervisor, read by any thread. */
public final class ConnectionStatus {
  private final Clock clock;
  private final AtomicLong connects = new AtomicLong();
  private volatile Phase phase;

  /** Starts as connecting. */
  public ConnectionStatus(Clock clock) {
    this.clock = clock;
    this.phase = new Phase(State.CONNECTING, "", clock.instant());
  }

  /**
   * State at one moment.
   *
   * @param state whether it is connected
   * @param message what is wrong and what to do; empty when nothing is
   * @param since when it entered the state
   */
  public record Phase(State state, String message, Instant since) {}

  /** The state now. */
  public Phase phase() {
    return phase;
  }

  /** How often it was connected again after the first time. */
  public long reconnects() {
    return Math.max(0, connects.get() - 1);
  }

  void connecting() {
    // What was wrong stays readable while the next attempt is under way, and a fault stays a fault.
    if (phase.state() != State.FAULT) {
      enter(State.CONNECTING, phase.message());
    }
  }

  void connected() {
    connects.incrementAndGet();
    enter(State.CONNECTED, "");
  }

  void waiting(Fault fault) {
    enter(fault.kind().needsPeople() ? State.FAULT : State.WAITING, fault.message());
  }

  void stopped() {
    enter(State.STOPPED, "");
  }

  private void enter(State state, String message) {
    Phase before = phase;
    Instant since = before.state() == state ? before.since() : clock.instant();
    phase = new Phase(state, message, since);
  }
}
