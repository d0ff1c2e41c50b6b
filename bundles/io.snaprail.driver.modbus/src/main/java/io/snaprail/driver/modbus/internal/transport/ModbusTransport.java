package io.snaprail.driver.modbus.internal.transport;

import io.snaprail.api.driver.Deadline;
import io.snaprail.api.driver.DriverException;

/**
 * A way to the units of one bus. One request at a time: as with {@link
 * io.snaprail.api.driver.Device}, the core sees to it that no two threads exchange at once. {@link
 * #close()} may be called by any thread at any time.
 */
public interface ModbusTransport extends AutoCloseable {

  /** Where it leads, for messages: {@code 10.0.0.5:502}. */
  String endpoint();

  /**
   * Sends a request once and gives the answer that belongs to it. An answer that was meant for any
   * other request is never returned: after anything but an answer, what may still be on its way is
   * cut off.
   *
   * @param unit 0..255
   * @return an answer that passed {@link AnswerCheck}: data, or an exception of the slave
   * @throws DriverException unreachable when nothing was sent; no answer; or a wrong answer
   */
  byte[] exchange(int unit, PduRequest request, Deadline deadline) throws DriverException;

  /** Gives the way up and ends an exchange that is under way. */
  @Override
  void close();
}
