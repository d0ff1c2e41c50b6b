package io.snaprail.api.serial;

/** How the receiver holds the sender. */
public enum FlowControl {
  /** Not at all. */
  NONE("none"),
  /** By the lines RTS and CTS. */
  RTS_CTS("rts-cts"),
  /** By the characters XON (0x11) and XOFF (0x13); for text only. */
  XON_XOFF("xon-xoff");

  private final String code;

  FlowControl(String code) {
    this.code = code;
  }

  /** The form used in settings. */
  public String code() {
    return code;
  }

  /**
   * Reads the setting {@code flow.control}.
   *
   * @throws IllegalArgumentException naming the key, what was expected and what was found
   */
  public static FlowControl parse(String text) {
    return Codes.parse("flow.control", text, values(), FlowControl::code);
  }
}
