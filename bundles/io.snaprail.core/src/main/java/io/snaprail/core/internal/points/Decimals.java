package io.snaprail.core.internal.points;

import java.math.BigDecimal;
import java.util.regex.Pattern;

/**
 * Decimal numbers as people and spreadsheets write them. What may be read in two ways is refused
 * with the reason, and never guessed.
 */
final class Decimals {
  /** What is wanted, for messages. */
  static final String EXPECTED = "a decimal number such as 0.1";

  /** More digits than a double has are a typing error, and cost memory and time when scaling. */
  private static final int MAX_DIGITS = 40;

  private static final int MAX_LENGTH = 64;
  private static final int MAX_EXPONENT = 300;

  private static final Pattern ONE_GROUP = Pattern.compile("[-+]?[1-9][0-9]{0,2}[.,][0-9]{3}");
  private static final Pattern GROUPS =
      Pattern.compile("[-+]?[0-9]{1,3}([., '\u2019][0-9]{3})+([.,][0-9]+)?");
  private static final Pattern DATE =
      Pattern.compile(
          "[0-9]{1,4}[-./ ]+([0-9]{1,2}[-./ ]+[0-9]{2,4}|\\p{L}{3,}.*)|\\p{L}{3,9}[- ][0-9]{2}");

  private Decimals() {}

  /**
   * Reads a number.
   *
   * @param delimiter of the file: with semicolons or tabs a decimal comma is read as one
   * @throws IllegalArgumentException when it is none: what follows "expected a decimal number,
   *     found X", which may be nothing
   */
  static BigDecimal parse(String text, char delimiter) {
    boolean comma = delimiter == ';' || delimiter == '\t';
    String plain = text.replace('\u2212', '-');
    if (comma
        && ONE_GROUP.matcher(plain).matches()
        && (delimiter == '\t' || plain.indexOf('.') > 0)) {
      throw new IllegalArgumentException(
          ", which may be "
              + plain.replaceFirst("[.,]", "")
              + " or "
              + plain.replaceFirst("[.,]0+$", "").replace(',', '.')
              + ": write it without separators, or with another number of decimals");
    }
    String number = comma && plain.indexOf('.') < 0 ? plain.replace(',', '.') : plain;
    try {
      BigDecimal read = number.length() > MAX_LENGTH ? null : new BigDecimal(number);
      if (read != null
          && read.precision() <= MAX_DIGITS
          && Math.abs((long) read.scale()) <= MAX_EXPONENT) {
        return read;
      }
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(reason(plain, comma), e);
    }
    throw new IllegalArgumentException("");
  }

  private static String reason(String text, boolean comma) {
    if (!comma && text.matches("[-+]?[0-9]+,[0-9]+")) {
      return "; a decimal comma is read only in files with semicolons or tabs between the columns";
    }
    if (GROUPS.matcher(text).matches()) {
      return "; leave the thousands separators out";
    }
    if (DATE.matcher(text).matches()) {
      return "; a spreadsheet may have made a date of it: let its column be text";
    }
    return "";
  }
}
