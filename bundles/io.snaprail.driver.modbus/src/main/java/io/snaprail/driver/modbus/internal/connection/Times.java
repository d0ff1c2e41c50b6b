package io.snaprail.driver.modbus.internal.connection;

import io.snaprail.api.driver.Deadline;
import java.time.Duration;

/**
 * How long a request may take.
 *
 * @param deadline of the whole, connecting included
 * @param timeout from when it is sent; zero for none
 */
record Times(Deadline deadline, Duration timeout) {
  /** By when there must be an answer to a request that is sent now. */
  Deadline fromNow() {
    return timeout.isZero() ? deadline : deadline.orIn(timeout);
  }
}
