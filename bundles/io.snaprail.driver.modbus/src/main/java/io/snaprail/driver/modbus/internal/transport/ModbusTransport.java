package io.snaprail.driver.modbus.internal.transport;

import io.snaprail.api.driver.Deadline;
import io.snaprail.api.driver.DriverException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.SortedMap;

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
   * cut off, or told apart when it comes.
   *
   * @param unit 0..255
   * @return an answer that passed {@link AnswerCheck}: data, or an exception of the slave
   * @throws DriverException unreachable when nothing was sent; no answer, caused by a {@link
   *     SocketTimeoutException} when the deadline has passed; or a wrong answer
   */
  byte[] exchange(int unit, PduRequest request, Deadline deadline) throws DriverException;

  /**
   * The same with a time-out for the answer, within the deadline: it begins when the request is
   * sent, so that it is not spent on connecting.
   *
   * @param timeout zero for none
   */
  default byte[] exchange(int unit, PduRequest request, Deadline deadline, Duration timeout)
      throws DriverException {
    return exchange(unit, request, timeout.isZero() ? deadline : deadline.orIn(timeout));
  }

  /**
   * What reading from a unit costs, as measured last. Asked before each cycle; the reads are merged
   * anew when it has changed by much.
   */
  default LineCost cost(int unit) {
    return LineCost.UNKNOWN;
  }

  /** What is known of the requests to a unit. Safe for any thread. */
  default UnitReport report(int unit) {
    return UnitReport.NONE;
  }

  /** A unit has said what it is, by object; remembered for {@link #report}. */
  default void identified(int unit, SortedMap<Integer, String> objects) {}

  /** A cycle or a write has ended: what is only kept open while it is needed may be closed. */
  default void rest() {}

  /** Gives the way up and ends an exchange that is under way. */
  @Override
  void close();
}
