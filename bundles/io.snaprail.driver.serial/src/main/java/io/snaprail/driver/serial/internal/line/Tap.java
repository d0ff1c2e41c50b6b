package io.snaprail.driver.serial.internal.line;

/** Hears everything on a line. */
public interface Tap {
  /**
   * Bytes have come or gone. Returns at once; keeps a copy if it keeps anything.
   *
   * @param sent whether the gateway has sent them
   */
  void bytes(boolean sent, byte[] bytes, int offset, int length);
}
