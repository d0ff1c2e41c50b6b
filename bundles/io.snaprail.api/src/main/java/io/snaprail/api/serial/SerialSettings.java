package io.snaprail.api.serial;

import java.util.Objects;

/**
 * A port and how it is used.
 *
 * @param address where it is; key {@code port}
 * @param line how characters stand on the line
 * @param rs485 how the transmitter is switched; local ports only
 * @param suppressEcho whether what is sent comes back and must be taken out of the input, as with
 *     two-wire adapters that hear themselves; key {@code echo}
 */
public record SerialSettings(
    SerialAddress address, LineSettings line, Rs485 rs485, boolean suppressEcho) {
  /**
   * Checks that the settings fit each other.
   *
   * @throws IllegalArgumentException naming the key, what was expected and what was found
   */
  public SerialSettings {
    Objects.requireNonNull(address, "port");
    Objects.requireNonNull(line, "line");
    Objects.requireNonNull(rs485, "rs485");
    boolean switched = rs485.direction() != Rs485.Direction.NONE;
    if (switched && !(address instanceof SerialAddress.Local)) {
      throw new IllegalArgumentException(
          "rs485.direction: expected none with %s, found %s; the server of the port switches the direction"
              .formatted(address, rs485.direction().code()));
    }
    if (switched && line.flowControl() == FlowControl.RTS_CTS) {
      throw new IllegalArgumentException(
          "flow.control: expected none or xon-xoff with rs485.direction %s, which uses RTS, found rts-cts"
              .formatted(rs485.direction().code()));
    }
  }

  /**
   * A port with 8N1, no flow control, no switching of direction, no echo.
   *
   * @param port as {@link SerialAddress#parse} reads it
   * @param baud bits a second, 300..921,600
   */
  public static SerialSettings of(String port, int baud) {
    return new SerialSettings(SerialAddress.parse(port), LineSettings.of(baud), Rs485.NONE, false);
  }

  /** The same with another line. */
  public SerialSettings with(LineSettings other) {
    return new SerialSettings(address, other, rs485, suppressEcho);
  }

  /** The same with another switching of direction. */
  public SerialSettings with(Rs485 other) {
    return new SerialSettings(address, line, other, suppressEcho);
  }

  /** The same with or without suppression of the echo. */
  public SerialSettings withEcho(boolean suppress) {
    return new SerialSettings(address, line, rs485, suppress);
  }
}
