package io.snaprail.api.serial;

import java.util.Objects;

/**
 * How characters stand on the line.
 *
 * @param baud bits a second, 300..921,600; key {@code baud}
 * @param dataBits 5..8; key {@code data.bits}
 * @param parity key {@code parity}
 * @param stopBits key {@code stop.bits}; with 5 data bits 1 or 1.5, else 1 or 2
 * @param flowControl key {@code flow.control}
 */
public record LineSettings(
    int baud, int dataBits, Parity parity, StopBits stopBits, FlowControl flowControl) {
  /** Lowest baud rate. */
  public static final int MIN_BAUD = 300;

  /** Highest baud rate. */
  public static final int MAX_BAUD = 921_600;

  /**
   * Checks the ranges.
   *
   * @throws IllegalArgumentException naming the key, what was expected and what was found
   */
  public LineSettings {
    Codes.requireRange("baud", MIN_BAUD, MAX_BAUD, baud);
    Codes.requireRange("data.bits", 5, 8, dataBits);
    Objects.requireNonNull(parity, "parity");
    Objects.requireNonNull(stopBits, "stop.bits");
    Objects.requireNonNull(flowControl, "flow.control");
    // A UART has one bit for "more than one stop bit": it means 1.5 with 5 data bits, else 2.
    StopBits unheard = dataBits == 5 ? StopBits.TWO : StopBits.ONE_AND_A_HALF;
    if (stopBits == unheard) {
      throw new IllegalArgumentException(
          "stop.bits: expected %s with data.bits %d, found %s"
              .formatted(dataBits == 5 ? "1 or 1.5" : "1 or 2", dataBits, stopBits.code()));
    }
  }

  /** Eight data bits, no parity, one stop bit, no flow control. */
  public static LineSettings of(int baud) {
    return new LineSettings(baud, 8, Parity.NONE, StopBits.ONE, FlowControl.NONE);
  }

  /** The time of one character on the line in nanoseconds, start and stop bits included. */
  public long characterNanos() {
    double bits = 1 + dataBits + (parity == Parity.NONE ? 0 : 1) + stopBits.bits();
    return Math.round(bits * 1e9 / baud);
  }

  /** The short form that people use, such as {@code 9600 8N1}. */
  @Override
  public String toString() {
    String flow = flowControl == FlowControl.NONE ? "" : " " + flowControl.code();
    return baud + " " + dataBits + parity.name().charAt(0) + stopBits.code() + flow;
  }
}
