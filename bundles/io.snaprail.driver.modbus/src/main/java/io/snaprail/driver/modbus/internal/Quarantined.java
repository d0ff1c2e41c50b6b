package io.snaprail.driver.modbus.internal;

import io.snaprail.driver.modbus.internal.ReadPlanner.Block;
import io.snaprail.driver.modbus.internal.ReadPlanner.Member;
import java.time.Duration;
import java.util.List;

/**
 * A point that the device refuses, left out of common reads so that it spoils no other. It is read
 * alone after a minute, and then after twice as long each time, up to an hour.
 */
final class Quarantined {
  private static final long FIRST_S = 60;
  private static final long LAST_S = 3_600;

  private final Member member;
  private final BlockRead probe;
  private long pauseS = FIRST_S;
  private long due;
  private String reason;

  Quarantined(Member member, Places places, String refusal, long now) {
    this.member = member;
    this.probe = new BlockRead(Block.of(List.of(member)), places, null);
    this.due = now + Duration.ofSeconds(pauseS).toNanos();
    this.reason = told(refusal);
  }

  Member member() {
    return member;
  }

  BlockRead probe() {
    return probe;
  }

  /** The refusal and when the point is tried again, for people; the same until then. */
  String reason() {
    return reason;
  }

  /** Nanoseconds until it is to be tried again; zero or less when it is time. */
  long dueIn(long now) {
    return due - now;
  }

  /** Lets it be tried in the next cycle. */
  void hasten(long now) {
    due = now;
  }

  /** It was tried and refused again. A try before it was time leaves the time as it is. */
  void refusedAgain(String refusal, long now) {
    if (dueIn(now) <= 0) {
      pauseS = Math.min(LAST_S, 2 * pauseS);
      due = now + Duration.ofSeconds(pauseS).toNanos();
    }
    reason = told(refusal);
  }

  private String told(String refusal) {
    return refusal + "; tried again in " + pauseS + " s";
  }
}
