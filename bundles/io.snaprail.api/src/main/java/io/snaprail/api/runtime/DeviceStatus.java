package io.snaprail.api.runtime;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A device as it is now.
 *
 * @param name unique on the gateway
 * @param driver symbolic name of the bundle that makes it
 * @param pid PID of its configuration; empty when it has none
 * @param bus what it shares with others
 * @param state whether it answers
 * @param message why it is not ONLINE, for people; empty when it is
 * @param points number of points that are in use
 * @param period period of points that set none themselves
 * @param lastAnswer when it last answered; null when it never did
 * @param cycles cycles so far, good and bad
 * @param failedCycles cycles in which the device as a whole could not be read
 * @param missedPeriods periods that were merged because the bus was busy or the device away
 * @param deadlineMisses cycles that had not ended when their period was over; periods that were
 *     merged are not among them
 * @param lastRead how long the last cycle took on the bus
 */
public record DeviceStatus(
    String name,
    String driver,
    String pid,
    String bus,
    State state,
    String message,
    int points,
    Duration period,
    @Nullable Instant lastAnswer,
    long cycles,
    long failedCycles,
    long missedPeriods,
    long deadlineMisses,
    Duration lastRead) {

  /** Whether a device answers. */
  public enum State {
    /** Not read yet. */
    STARTING,
    /** Answered in its last cycle. */
    ONLINE,
    /** Did not answer; tried again with back-off. */
    OFFLINE,
    /** Its configuration has no usable point. */
    MISCONFIGURED,
    /** Switched off in its configuration. */
    DISABLED
  }
}
