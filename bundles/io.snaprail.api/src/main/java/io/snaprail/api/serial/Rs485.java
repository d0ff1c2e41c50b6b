package io.snaprail.api.serial;

import java.util.Objects;

/**
 * How the transmitter of a two-wire line is switched on and off.
 *
 * @param direction who switches it; key {@code rs485.direction}
 * @param rtsHighOnSend whether RTS is on while sending, else off; key {@code
 *     rs485.rts.high.on.send}
 * @param delayBeforeMs pause between switching on and the first bit, 0..100 ms; key {@code
 *     rs485.delay.before.ms}
 * @param delayAfterMs pause between the last bit and switching off, 0..100 ms; key {@code
 *     rs485.delay.after.ms}
 */
public record Rs485(
    Direction direction, boolean rtsHighOnSend, int delayBeforeMs, int delayAfterMs) {
  /** Nobody: the adapter switches by itself, as most do, or the line is RS-232 or four-wire. */
  public static final Rs485 NONE = new Rs485(Direction.NONE, true, 0, 0);

  /** Who switches the transmitter. */
  public enum Direction {
    /** The adapter itself, or nobody. What the system has configured is left as it is. */
    NONE("none"),
    /**
     * The driver in the kernel ({@code TIOCSRS485}), to the bit; for UARTs whose driver can. A
     * driver that cannot ignores it.
     */
    DRIVER("driver"),
    /** The gateway, by RTS; to some tenths of a millisecond, with USB adapters to about two. */
    RTS("rts");

    private final String code;

    Direction(String code) {
      this.code = code;
    }

    /** The form used in settings. */
    public String code() {
      return code;
    }

    /**
     * Reads the setting {@code rs485.direction}.
     *
     * @throws IllegalArgumentException naming the key, what was expected and what was found
     */
    public static Direction parse(String text) {
      return Codes.parse("rs485.direction", text, values(), Direction::code);
    }
  }

  /**
   * Checks the ranges.
   *
   * @throws IllegalArgumentException naming the key, what was expected and what was found
   */
  public Rs485 {
    Objects.requireNonNull(direction, "rs485.direction");
    Codes.requireRange("rs485.delay.before.ms", 0, 100, delayBeforeMs);
    Codes.requireRange("rs485.delay.after.ms", 0, 100, delayAfterMs);
  }
}
