package io.snaprail.api.serial;

/** How long the line rests after a character. */
public enum StopBits {
  /** One bit. */
  ONE("1", 1),
  /** One and a half bits; with five data bits only. */
  ONE_AND_A_HALF("1.5", 1.5),
  /** Two bits. */
  TWO("2", 2);

  private final String code;
  private final double bits;

  StopBits(String code, double bits) {
    this.code = code;
    this.bits = bits;
  }

  /** The form used in settings. */
  public String code() {
    return code;
  }

  /** Length in bits. */
  public double bits() {
    return bits;
  }

  /**
   * Reads the setting {@code stop.bits}.
   *
   * @throws IllegalArgumentException naming the key, what was expected and what was found
   */
  public static StopBits parse(String text) {
    return Codes.parse("stop.bits", text, values(), StopBits::code);
  }
}
