package io.snaprail.api.serial;

import io.snaprail.api.driver.Deadline;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The right to use a port, held by one holder until it is closed. Safe for any thread.
 *
 * <p>A lease outlives its connections: when the port is unplugged the connection ends, the lease
 * stays, and {@link #open} connects anew once the port is back.
 */
@ProviderType
public interface SerialLease extends AutoCloseable {
  /** Port and line. */
  SerialSettings settings();

  /** Who holds it. */
  String holder();

  /**
   * The connection: the present one while it is open, else a new one. A new one resolves the name
   * of the port anew, so a device that has come back under another {@code /dev/ttyUSB} number is
   * found by its name in {@code /dev/serial/by-id}.
   *
   * @param deadline by which the call ends; name servers may take longer for a remote port
   * @throws SerialException when it cannot be opened; the message says why and what to do
   */
  SerialConnection open(Deadline deadline) throws SerialException;

  /**
   * Closes the connection and gives the port back. Threads that read, write or open end with {@link
   * SerialException.Kind#CLOSED} within 200 ms. Closing again does nothing.
   */
  @Override
  void close();
}
