package io.snaprail.driver.modbus.internal.serial;

import io.snaprail.driver.modbus.internal.ascii.AsciiFrame;
import io.snaprail.driver.modbus.internal.rtu.RtuFrame;
import io.snaprail.driver.modbus.internal.transport.Framing;
import java.time.Duration;

/** The two ways to send Modbus over a serial line (Modbus over Serial Line V1.02, section 2.5). */
public enum SerialMode {
  /**
   * Bytes as they are. An answer that has begun and has not gone on for so long has broken off: the
   * specification says 1.5 characters, but USB adapters keep bytes back for up to 16 ms, and the
   * port service waits longest without loss of time in steps of 100 ms.
   */
  RTU("rtu", Duration.ofMillis(150)),
  /** Two digits a byte; up to a second between characters (section 2.5.2.1). */
  ASCII("ascii", Duration.ofSeconds(1));

  private final String scheme;
  private final Duration brokenOff;

  SerialMode(String scheme, Duration brokenOff) {
    this.scheme = scheme;
    this.brokenOff = brokenOff;
  }

  /** How its PID and its metrics are named. */
  public String scheme() {
    return scheme;
  }

  Framing framing() {
    return this == RTU ? new RtuFrame() : new AsciiFrame();
  }

  Duration brokenOff() {
    return brokenOff;
  }
}
