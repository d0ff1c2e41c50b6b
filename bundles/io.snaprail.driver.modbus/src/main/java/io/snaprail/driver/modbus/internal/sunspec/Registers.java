package io.snaprail.driver.modbus.internal.sunspec;

import io.snaprail.api.driver.DriverException;
import org.jspecify.annotations.Nullable;

/** The holding registers of a unit. */
@FunctionalInterface
public interface Registers {
  /**
   * Reads.
   *
   * @param start on the wire
   * @param count 1..125
   * @return null when the unit refuses the address or the length
   * @throws DriverException when it does not answer, or refuses for another reason
   * @throws InterruptedException when whoever wanted it has cancelled
   */
  int @Nullable [] read(int start, int count) throws DriverException, InterruptedException;
}
