package io.snaprail.driver.modbus.internal.serial;

import io.snaprail.api.serial.LineSettings;

/**
 * The times of a line (Modbus over Serial Line V1.02, section 2.5.1.1).
 *
 * @param characterNanos one character, as the line is set
 * @param silenceNanos t3.5, the silence before each frame: 3.5 characters of 11 bits, whatever the
 *     line is set to, as slaves count in them; above 19,200 baud always 1.75 ms
 */
record LineTiming(long characterNanos, long silenceNanos) {
  private static final int FIXED_ABOVE_BAUD = 19_200;
  private static final long FIXED_NANOS = 1_750_000;
  private static final double CHARACTERS = 3.5;
  private static final int BITS = 11;

  static LineTiming of(LineSettings line) {
    return new LineTiming(
        line.characterNanos(),
        line.baud() > FIXED_ABOVE_BAUD
            ? FIXED_NANOS
            : (long) Math.ceil(CHARACTERS * BITS * 1e9 / line.baud()));
  }

  long of(int characters) {
    return characters * characterNanos;
  }
}
