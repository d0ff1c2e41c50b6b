package io.snaprail.driver.serial.internal.extract;

import io.snaprail.driver.serial.internal.extract.Place.NoValueException;
import java.math.BigDecimal;
import java.math.RoundingMode;

/** Angles in degrees and minutes. */
final class Angles {
  /** A tenth of a millimetre on the ground: more than any receiver knows. */
  private static final int DIGITS = 9;

  private static final BigDecimal SIXTY = BigDecimal.valueOf(60);

  private Angles() {}

  /**
   * Decimal degrees.
   *
   * @param angle {@code dddmm.mmm}
   * @param direction N, S, E or W; south and west are negative
   * @throws NoValueException when there is no such angle
   */
  static String degrees(String angle, char direction) throws NoValueException {
    int point = angle.indexOf('.');
    int minutesAt = (point < 0 ? angle.length() : point) - 2;
    BigDecimal degrees =
        minutesAt == 0 ? BigDecimal.ZERO : new BigDecimal(angle.substring(0, minutesAt));
    BigDecimal minutes = new BigDecimal(angle.substring(minutesAt));
    BigDecimal value = degrees.add(minutes.divide(SIXTY, DIGITS, RoundingMode.HALF_EVEN));
    int most = direction == 'N' || direction == 'S' ? 90 : 180;
    if (minutes.compareTo(SIXTY) >= 0 || value.compareTo(BigDecimal.valueOf(most)) > 0) {
      throw new NoValueException(
          "expected an angle of at most "
              + most
              + " degrees and less than 60 minutes, found '"
              + angle
              + "'");
    }
    boolean negative = direction == 'S' || direction == 'W';
    return (negative ? value.negate() : value).toPlainString();
  }
}
