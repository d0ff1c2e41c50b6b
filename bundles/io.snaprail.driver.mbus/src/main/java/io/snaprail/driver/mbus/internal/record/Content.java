package io.snaprail.driver.mbus.internal.record;

/** What stands in the data field of a record. */
public sealed interface Content {
  /** A whole number, not scaled yet. */
  record Whole(long value) implements Content {}

  /** A single precision number, not scaled yet. */
  record Real(float value) implements Content {}

  /** A text, a date, a time, or bytes in hexadecimal. */
  record Text(String value) implements Content {}

  /** No value. */
  record None(String reason) implements Content {}
}
