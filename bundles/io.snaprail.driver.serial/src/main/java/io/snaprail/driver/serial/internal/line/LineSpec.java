package io.snaprail.driver.serial.internal.line;

import io.snaprail.api.serial.SerialSettings;
import java.util.List;

/**
 * What one device wants of a line.
 *
 * @param holder name of the device
 * @param serial port and line
 * @param listening whether it only listens; else it asks
 * @param init what is sent after the port was opened, one after another
 */
public record LineSpec(
    String holder, SerialSettings serial, boolean listening, List<Preamble> init) {
  /** Copies the list. */
  public LineSpec {
    init = List.copyOf(init);
  }

  /**
   * Something that is sent and waited behind.
   *
   * @param pauseMs how long, while what comes is dropped
   */
  @SuppressWarnings("ArrayRecordComponent") // Made once and only sent.
  public record Preamble(byte[] bytes, int pauseMs) {}

  /**
   * Whether two devices can share a line.
   *
   * @return empty when they can; else why not
   */
  String conflict(LineSpec other) {
    if (!serial.equals(other.serial)) {
      return "devices '%s' and '%s' share %s and must have the same settings of the line; found %s and %s"
          .formatted(holder, other.holder, serial.address(), shown(), other.shown());
    }
    if (listening != other.listening) {
      return "devices '%s' and '%s' share %s: either every device is asked ('request') or none; give the one that only listens a port of its own"
          .formatted(holder, other.holder, serial.address());
    }
    return "";
  }

  private String shown() {
    return serial.line()
        + (serial.suppressEcho() ? " with echo" : "")
        + " rs485 "
        + serial.rs485().direction().code();
  }
}
