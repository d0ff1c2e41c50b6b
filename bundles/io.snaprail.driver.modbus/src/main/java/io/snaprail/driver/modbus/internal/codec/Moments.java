package io.snaprail.driver.modbus.internal.codec;

import io.snaprail.api.model.Value;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.DateTimeParseException;

/**
 * Moments as texts: ISO 8601 in UTC, such as {@code 2026-03-29T01:00:00Z}, with as many decimals as
 * the device has. A text, as a moment has no number that needs no further word, and as every
 * consumer reads this form.
 */
enum Moments {
  /** Whole seconds. */
  SECONDS(1, 0, "whole seconds"),
  /** Three decimals. */
  MILLIS(1_000, 3, "whole milliseconds"),
  /** Six decimals. */
  MICROS(1_000_000, 6, "whole microseconds");

  /** The first second of the year 1 and the last of 9999: what ISO 8601 writes with four digits. */
  private static final long FIRST = -62_135_596_800L;

  private static final long LAST = 253_402_300_799L;
  private static final int NANOS = 1_000_000_000;

  private final int perSecond;
  private final DateTimeFormatter format;
  private final String shown;

  Moments(int perSecond, int decimals, String shown) {
    this.perSecond = perSecond;
    this.format = new DateTimeFormatterBuilder().appendInstant(decimals).toFormatter();
    this.shown = shown;
  }

  /** A moment for people and machines. */
  String text(Instant moment) {
    return format.format(moment);
  }

  /** Whether the count of units since 1970 lies in the years 1 to 9999. */
  boolean valid(long count) {
    return validSecond(Math.floorDiv(count, (long) perSecond));
  }

  private static boolean validSecond(long second) {
    return second >= FIRST && second <= LAST;
  }

  /** The moment of a valid count of units since 1970. */
  Instant moment(long count) {
    long part = Math.floorMod(count, (long) perSecond);
    return Instant.ofEpochSecond(
        Math.floorDiv(count, (long) perSecond), part * (NANOS / perSecond));
  }

  /** The count of units since 1970 of a moment in the years 1 to 9999. */
  long count(Instant moment) {
    return moment.getEpochSecond() * perSecond + moment.getNano() / (NANOS / perSecond);
  }

  /**
   * The moment that a text means.
   *
   * @throws IllegalArgumentException when it means none, or one between two units
   */
  Instant parse(String type, Value value) {
    if (value instanceof Value.Text) {
      try {
        Instant moment = OffsetDateTime.parse(value.text().trim()).toInstant();
        if (validSecond(moment.getEpochSecond()) && moment.getNano() % (NANOS / perSecond) == 0) {
          return moment;
        }
      } catch (DateTimeParseException e) {
        // Told below, with what was expected.
        throw unfit(type, value);
      }
    }
    throw unfit(type, value);
  }

  private IllegalArgumentException unfit(String type, Value value) {
    return new IllegalArgumentException(
        type
            + " takes a time in ISO 8601 with its offset, in "
            + shown
            + ", such as "
            + text(Instant.EPOCH)
            + "; found "
            + value.text());
  }
}
