package io.snaprail.driver.iec62056.internal;

import io.snaprail.api.serial.FlowControl;
import io.snaprail.api.serial.LineSettings;
import io.snaprail.api.serial.Parity;
import io.snaprail.api.serial.Rs485;
import io.snaprail.api.serial.SerialAddress;
import io.snaprail.api.serial.SerialSettings;
import io.snaprail.api.serial.StopBits;
import java.util.Locale;

/**
 * The checked settings of a meter.
 *
 * @param serial port and first line
 * @param listens whether the meter sends by itself
 * @param change of the baud rate
 * @param softParity whether the parity is made here
 * @param address of the device; may be empty
 * @param wake whether it is woken up
 * @param retries further readouts
 */
record IecSettings(
    SerialSettings serial,
    boolean listens,
    Change change,
    boolean softParity,
    String address,
    boolean wake,
    int retries) {
  private static final int MOST_RETRIES = 5;

  /** What happens to the baud rate after the meter has told who it is. */
  enum Change {
    METER,
    NONE,
    FIXED
  }

  /**
   * Checks a configuration.
   *
   * @throws IllegalArgumentException naming the key, what was expected and what was found
   */
  static IecSettings of(IecConfig config) {
    String form = word("line", config.line(), "7e1", "8n1", "8n1-parity");
    String address = config.address().strip();
    if (!address.matches("[A-Za-z0-9 ]{0,32}")) {
      throw new IllegalArgumentException(
          "address: expected up to 32 letters, digits and blanks, found '" + address + "'");
    }
    if (config.retries() < 0 || config.retries() > MOST_RETRIES) {
      throw new IllegalArgumentException("retries: expected 0..5, found " + config.retries());
    }
    LineSettings line =
        form.equals("7e1")
            ? new LineSettings(config.baud(), 7, Parity.EVEN, StopBits.ONE, FlowControl.NONE)
            : LineSettings.of(config.baud());
    String change = word("baud.change", config.baud_change(), "meter", "none", "fixed");
    return new IecSettings(
        new SerialSettings(SerialAddress.parse(config.port()), line, Rs485.NONE, config.echo()),
        word("mode", config.mode(), "ask", "listen").equals("listen"),
        Change.valueOf(change.toUpperCase(Locale.ROOT)),
        form.equals("8n1-parity"),
        address,
        config.wake(),
        config.retries());
  }

  private static String word(String key, String found, String... allowed) {
    for (String word : allowed) {
      if (word.equals(found.strip().toLowerCase(Locale.ROOT))) {
        return word;
      }
    }
    throw new IllegalArgumentException(
        key + ": expected " + String.join(", ", allowed) + ", found '" + found + "'");
  }
}
