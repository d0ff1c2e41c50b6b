package io.snaprail.driver.modbus.internal.serial;

import io.snaprail.api.serial.Rs485;
import io.snaprail.api.serial.SerialSettings;
import java.time.Duration;
import java.util.Locale;

/**
 * How a device wants to use a port.
 *
 * @param device its name, for messages
 * @param mode RTU or ASCII
 * @param port port and line
 * @param turnaround how long nothing is sent after a broadcast
 */
public record SerialWish(String device, SerialMode mode, SerialSettings port, Duration turnaround) {
  /** The port, for messages and as the name of the bus. */
  String address() {
    return port.address().toString();
  }

  /** Whether two devices can be on one line. */
  boolean fits(SerialWish other) {
    return mode == other.mode && port.equals(other.port);
  }

  /** All that must be the same on one line. */
  String text() {
    String direction = port.rs485().direction() == Rs485.Direction.NONE ? "" : ", " + port.rs485();
    return mode.scheme().toUpperCase(Locale.ROOT)
        + " "
        + port.line()
        + direction
        + (port.suppressEcho() ? ", echo" : "");
  }
}
