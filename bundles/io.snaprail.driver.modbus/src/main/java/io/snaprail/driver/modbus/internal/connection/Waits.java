package io.snaprail.driver.modbus.internal.connection;

import java.time.Duration;

/**
 * When a connection is looked at before it is used.
 *
 * @param idle after so much time without use: whether the device has hung up
 * @param settle for so long when it is new, where an answer to a request on the connection before
 *     could be taken for that to the first on this one
 */
public record Waits(Duration idle, Duration settle) {
  /**
   * Idle: above the default period of polls, so that only what is polled seldom is looked at.
   * Settle: longer than a converter needs to pass on what it has kept.
   */
  static final Waits USUAL = new Waits(Duration.ofSeconds(2), Duration.ofMillis(50));
}
