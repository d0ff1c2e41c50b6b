package io.snaprail.driver.modbus.internal;

import io.snaprail.driver.modbus.internal.transport.Table;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where a value begins.
 *
 * <p>Written as {@code holding:100} or {@code holding:0x64} ({@code coil}, {@code discrete}, {@code
 * input}, {@code holding}), counted from 0 or from 1 as the device is set; or in the traditional
 * way, which always counts from 1: {@code 40101}, {@code 400101}, {@code 4x0101}. A bit of a
 * register is written after a dot, 0 the least significant: {@code holding:100.3}. A byte of a
 * register is {@code holding:100.l} (low) or {@code holding:100.h} (high).
 *
 * @param table where
 * @param wire address on the wire, 0..65535
 * @param bit 0..15; -1 for the whole register or for a table of bits
 * @param half of the register, when the address names one
 */
public record ModbusAddress(Table table, int wire, int bit, Half half) {
  /** A byte of a register. */
  public enum Half {
    /** The address names none. */
    NONE,
    /** Bits 0 to 7. */
    LOW,
    /** Bits 8 to 15. */
    HIGH
  }

  private static final Pattern NAMED =
      Pattern.compile("([a-z]+):(0x[0-9a-f]{1,8}|[0-9]{1,9})(?:\\.([0-9]{1,3}|[hl]))?");
  private static final Pattern TRADITIONAL =
      Pattern.compile("([0134])(?:([0-9]{4,5})|x([0-9]{1,9}))(?:\\.([0-9]{1,3}|[hl]))?");
  private static final Pattern HEX_WITHOUT_TABLE = Pattern.compile("0x[0-9a-f]+");
  private static final String FORMS =
      "expected coil:N, discrete:N, input:N or holding:N, or a traditional address such as 40101,"
          + " 400101 or 4x0101";

  /**
   * Reads an address.
   *
   * @param zeroBased whether {@code holding:0} is the first register; else {@code holding:1} is
   * @throws IllegalArgumentException when it is none: expected and found
   */
  public static ModbusAddress parse(String text, boolean zeroBased) {
    String trimmed = text.trim().toLowerCase(Locale.ROOT);
    Matcher named = NAMED.matcher(trimmed);
    if (named.matches()) {
      Table table = table(named.group(1), text);
      int first = zeroBased ? 0 : 1;
      return of(text, table, number(named.group(2)), first, Table.SIZE - 1 + first, named.group(3));
    }
    if (HEX_WITHOUT_TABLE.matcher(trimmed).matches()) {
      throw new IllegalArgumentException(
          "address '"
              + text
              + "' may be a number or a coil: write coil:N, discrete:N, input:N or holding:"
              + trimmed);
    }
    Matcher traditional = TRADITIONAL.matcher(trimmed);
    if (traditional.matches()) {
      return traditional(text, traditional);
    }
    throw new IllegalArgumentException("address '" + text + "': " + FORMS);
  }

  private static ModbusAddress traditional(String text, Matcher matcher) {
    String digits = matcher.group(2) != null ? matcher.group(2) : matcher.group(3);
    int last = matcher.group(2) != null && digits.length() == 4 ? 9999 : Table.SIZE;
    for (Table table : Table.values()) {
      if (table.digit() == matcher.group(1).charAt(0)) {
        return of(text, table, number(digits), 1, last, matcher.group(4));
      }
    }
    throw new IllegalArgumentException("address '" + text + "': " + FORMS);
  }

  private static ModbusAddress of(
      String text, Table table, long number, int first, int last, @Nullable String bit) {
    if (number < first || number > last) {
      throw new IllegalArgumentException(
          "address '" + text + "': expected " + first + ".." + last + ", found " + number);
    }
    return part(text, table, (int) number - first, bit == null ? "" : bit);
  }

  private static ModbusAddress part(String text, Table table, int wire, String part) {
    if (part.isEmpty()) {
      return new ModbusAddress(table, wire, -1, Half.NONE);
    }
    if (table.bits()) {
      throw new IllegalArgumentException(
          "address '" + text + "': a " + table.label() + " has no bits: leave '." + part + "' out");
    }
    if (part.equals("h") || part.equals("l")) {
      return new ModbusAddress(table, wire, -1, part.equals("h") ? Half.HIGH : Half.LOW);
    }
    int number = Integer.parseInt(part);
    if (number > 15) {
      throw new IllegalArgumentException(
          "address '" + text + "': expected bit 0..15, found " + number);
    }
    return new ModbusAddress(table, wire, number, Half.NONE);
  }

  private static Table table(String name, String text) {
    for (Table table : Table.values()) {
      if (table.label().equals(name)) {
        return table;
      }
    }
    throw new IllegalArgumentException("address '" + text + "': " + FORMS);
  }

  private static long number(String text) {
    return text.startsWith("0x") ? Long.parseLong(text.substring(2), 16) : Long.parseLong(text);
  }
}
