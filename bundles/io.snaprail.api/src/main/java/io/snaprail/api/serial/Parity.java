package io.snaprail.api.serial;

/** The parity bit of a character. */
public enum Parity {
  /** No parity bit. */
  NONE("none"),
  /** An even number of ones. */
  EVEN("even"),
  /** An odd number of ones. */
  ODD("odd"),
  /** Always one. */
  MARK("mark"),
  /** Always zero. */
  SPACE("space");

  private final String code;

  Parity(String code) {
    this.code = code;
  }

  /** The form used in settings. */
  public String code() {
    return code;
  }

  /**
   * Reads the setting {@code parity}.
   *
   * @throws IllegalArgumentException naming the key, what was expected and what was found
   */
  public static Parity parse(String text) {
    return Codes.parse("parity", text, values(), Parity::code);
  }
}
