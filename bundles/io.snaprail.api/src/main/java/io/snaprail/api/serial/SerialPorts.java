package io.snaprail.api.serial;

import java.util.List;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The one way to a serial port, local or behind a network. Every user of a port takes a lease
 * first, so that two drivers never talk on one line. Safe for any thread.
 *
 * <p>When the service goes, its leases are closed and their connections end with {@link
 * SerialException.Kind#CLOSED}.
 */
@ProviderType
public interface SerialPorts {
  /**
   * Takes a port for one holder. Does no input or output; the port need not be present. Two names
   * of one device, such as {@code /dev/ttyUSB0} and its name in {@code /dev/serial/by-id}, are the
   * same port.
   *
   * @param settings port and line
   * @param holder who takes it, as people know it, such as the name of a bus or a PID; shown to
   *     whoever is refused
   * @return the lease; its holder closes it
   * @throws SerialException of kind IN_USE, naming the present holder
   */
  SerialLease lease(SerialSettings settings, String holder) throws SerialException;

  /**
   * The local ports that are present now, and every leased port whether present or not, by name.
   * Reads the system's lists anew: call it for people, not in a loop. Opens no port.
   */
  List<SerialPortInfo> ports();
}
