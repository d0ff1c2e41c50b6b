package io.snaprail.driver.iec62056.internal;

/**
 * Who a meter is (IEC 62056-21, clause 6.3.2).
 *
 * @param manufacturer three letters
 * @param rate character that tells baud rate and mode
 * @param text identification of the meter
 */
public record Identification(String manufacturer, char rate, String text) {
  private static final int FIRST = 300;
  private static final int FASTEST = 6;

  /**
   * Reads a line.
   *
   * @param line without its end
   * @throws BadReadoutException when it is none
   */
  public static Identification of(String line) throws BadReadoutException {
    int slash = line.lastIndexOf('/');
    if (slash < 0 || line.length() < slash + 5 || line.length() > slash + 40) {
      throw new BadReadoutException("expected an identification /XXXZ..., found '" + line + "'");
    }
    String manufacturer = line.substring(slash + 1, slash + 4);
    if (!manufacturer.chars().allMatch(Character::isLetterOrDigit)) {
      throw new BadReadoutException("expected three letters of a maker, found '" + line + "'");
    }
    return new Identification(manufacturer, line.charAt(slash + 4), line.substring(slash + 5));
  }

  /** The rate is confirmed, and then changed to (mode C). */
  boolean confirmed() {
    return rate >= '0' && rate <= '0' + FASTEST;
  }

  /** Baud rate of the readout; 0 when it stays as it is (mode A). */
  int baud() {
    if (confirmed()) {
      return FIRST << (rate - '0');
    }
    return rate >= 'A' && rate < 'A' + FASTEST ? FIRST << (rate - 'A' + 1) : 0;
  }
}
