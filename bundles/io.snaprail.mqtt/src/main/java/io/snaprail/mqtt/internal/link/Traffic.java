package io.snaprail.mqtt.internal.link;

/** What is done over a connection while it is up. Called by the supervisor's thread only. */
public interface Traffic {
  /**
   * A new connection is up: whatever was in flight on the one before must be sent again.
   *
   * @throws LinkException when it is gone already
   */
  void begin(Link link, InFlight inFlight) throws LinkException;

  /**
   * Does the work that there is, or waits up to 200 ms for some.
   *
   * @throws LinkException when the connection cannot be used any more
   * @throws InterruptedException when the thread is to end
   */
  void step() throws LinkException, InterruptedException;

  /** Whether nothing is left to be sent or acknowledged. */
  boolean idle();

  /** Says what is to be said before a good-bye; waits 1 s at most. */
  void goodbye();

  /** The connection is gone: fails what waits for it. */
  void end(Fault reason);

  /** Whether the next attempt is to come soon, since something is being found out. Asked once. */
  default boolean hurries() {
    return false;
  }
}
