package io.snaprail.driver.mbus.internal.record;

import java.math.BigDecimal;

/**
 * What a value is, as its value information says.
 *
 * @param quantity in lower case with hyphens, such as {@code flow-temperature}
 * @param unit of the scaled value; may be empty
 * @param factor scaled value = raw value x factor
 * @param form how the data field is read
 */
record Meaning(String quantity, String unit, BigDecimal factor, Form form) {
  /** How the data field is read. */
  enum Form {
    /** A number, which may be negative. */
    NUMBER,
    /** Bits, never negative. */
    BITS,
    /** A date or a time, by the length of the field. */
    TIME
  }

  static Meaning number(String quantity, String unit, int exponent) {
    return new Meaning(quantity, unit, BigDecimal.ONE.scaleByPowerOfTen(exponent), Form.NUMBER);
  }

  Meaning times(BigDecimal more) {
    return new Meaning(quantity, unit, factor.multiply(more), form);
  }

  Meaning as(String otherUnit, BigDecimal otherFactor, Form otherForm) {
    return new Meaning(quantity, otherUnit, otherFactor, otherForm);
  }
}
