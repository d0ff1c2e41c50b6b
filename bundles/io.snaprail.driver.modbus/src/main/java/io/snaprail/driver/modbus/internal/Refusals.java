package io.snaprail.driver.modbus.internal;

/** What is known of why a device refuses a write, beside the exception itself. */
@FunctionalInterface
public interface Refusals {
  /** Nothing is known. */
  Refusals PLAIN = exception -> "";

  /**
   * Told of each answer to a write.
   *
   * @param exception code of the device's exception; 0 when it has written
   * @return what to add to the message; empty for nothing
   */
  String explain(int exception);
}
