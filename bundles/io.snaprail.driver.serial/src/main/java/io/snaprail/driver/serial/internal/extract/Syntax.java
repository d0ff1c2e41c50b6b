package io.snaprail.driver.serial.internal.extract;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How the texts of a device are written.
 *
 * @param separators characters, any of which ends a column or a pair; key {@code separators}
 * @param assigns characters, any of which stands between a key and its value; key {@code assigns}
 * @param decimalComma whether numbers have a decimal comma; key {@code decimal.comma}
 * @param pattern regular expression with named groups; null for none; key {@code pattern}
 */
public record Syntax(
    String separators, String assigns, boolean decimalComma, @Nullable Pattern pattern) {
  /** Comma, equals sign, decimal point. */
  public static final Syntax USUAL = new Syntax(",", "=:", false, null);

  boolean separates(char c) {
    return separators.indexOf(c) >= 0;
  }

  boolean assigns(char c) {
    return assigns.indexOf(c) >= 0;
  }
}
