package io.snaprail.mqtt.internal.link;

import java.time.Duration;

/**
 * Tells a connection that is lost now and then from one that the broker ends each time it is made:
 * MQTT 3.1.1 gives no reason when it does (no policy for the topic, client id taken over by
 * another), so that only the pattern shows. Not for several threads.
 */
public final class Stability {
  /** A connection that lived as long was a good one. */
  public static final Duration GOOD = Duration.ofSeconds(10);

  private static final int PATTERN = 3;

  private final String endpoint;
  private final String clientId;
  private int shortOnes;
  private int shortAnswered;

  /** For messages. */
  public Stability(String endpoint, String clientId) {
    this.endpoint = endpoint;
    this.clientId = clientId;
  }

  /**
   * A connection has been lost.
   *
   * @param lived how long it was up
   * @param answered whether the broker acknowledged anything on it
   * @param fault what it looked like by itself
   * @return what it looks like in the light of those before
   */
  public Fault lost(Duration lived, boolean answered, Fault fault) {
    if (fault.kind() != Fault.Kind.NETWORK || lived.compareTo(GOOD) >= 0) {
      shortOnes = 0;
      shortAnswered = 0;
      return fault;
    }
    shortOnes++;
    shortAnswered += answered ? 1 : 0;
    if (shortOnes < PATTERN) {
      return fault;
    }
    return shortAnswered * 2 > shortOnes ? duplicate() : policy();
  }

  private Fault policy() {
    return new Fault(
        Fault.Kind.POLICY,
        endpoint
            + ": the broker closes the connection each time right after it is made. Most likely"
            + " its policy does not allow client id '"
            + clientId
            + "' to publish or subscribe to the topics in use; or another client connects with the"
            + " same client id. Check both at the broker.");
  }

  private Fault duplicate() {
    return new Fault(
        Fault.Kind.DUPLICATE_ID,
        endpoint
            + ": the broker closes the connection soon after it is made, though it works until"
            + " then. Most likely another client connects with the same client id '"
            + clientId
            + "': give each its own (client.id).");
  }
}
