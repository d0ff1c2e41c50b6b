package io.snaprail.driver.modbus.internal.transport;

import io.snaprail.api.driver.Deadline;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketTimeoutException;

/** Where bytes come from, one after another: a connection or a serial line. */
@FunctionalInterface
public interface ByteSource {
  /**
   * Waits for bytes.
   *
   * @param length most bytes to read, above 0
   * @return how many came, at least 1
   * @throws SocketTimeoutException when none comes by the deadline
   * @throws EOFException when none can come any more
   */
  int read(byte[] into, int offset, int length, Deadline deadline) throws IOException;
}
