package io.snaprail.api.uplink;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An uplink as it is now.
 *
 * @param name unique on the gateway
 * @param endpoint where it sends to, such as {@code mqtts://localhost:8883}
 * @param state whether it is connected
 * @param message in plain words: what is wrong and what to do; empty when connected
 * @param since when it entered the state
 * @param acknowledged messages that the far side has acknowledged since the gateway started
 * @param lastAcknowledged when the far side last acknowledged a message; null when it never did
 * @param spool what waits
 */
public record UplinkStatus(
    String name,
    String endpoint,
    State state,
    String message,
    Instant since,
    long acknowledged,
    @Nullable Instant lastAcknowledged,
    Spool.Stats spool) {

  /** Whether an uplink is connected. */
  public enum State {
    /** A connection is being made. */
    CONNECTING,
    /** Connected and able to publish. */
    CONNECTED,
    /** Not connected; the next attempt comes by itself. */
    WAITING,
    /** Not connected and waiting for someone to mend something: a certificate, a policy. */
    FAULT,
    /** Stopped. */
    STOPPED
  }
}
