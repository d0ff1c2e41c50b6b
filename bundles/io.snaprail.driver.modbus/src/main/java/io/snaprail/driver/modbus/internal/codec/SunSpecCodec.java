package io.snaprail.driver.modbus.internal.codec;

import io.snaprail.api.driver.Sink;
import io.snaprail.api.model.Value;
import java.math.BigDecimal;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A value of a SunSpec model, most significant register first: {@code sunspec(uint16)}, or {@code
 * sunspec(int16,+12)} with a scale factor so many registers behind the value's first one, or before
 * it. Both are read at once, so that a device that changes its scale factor is understood.
 *
 * @param distance from the value's first register to the scale factor; 0 for none
 */
record SunSpecCodec(SunSpecType base, int distance) implements RegisterCodec {
  private static final Pattern FORM = Pattern.compile("([a-z0-9]+) *(?:, *([+-][0-9]{1,3}))?");

  /** As much as one read gives. */
  private static final int MAX_WIDTH = 125;

  /** SunSpec Information Model Specification, type sunssf. */
  private static final int MAX_FACTOR = 10;

  private static final int NO_FACTOR = Short.MIN_VALUE;

  /** Above, neighbours cannot be told apart in a double. */
  private static final long EXACT = 1L << 53;

  private static final double[] POWERS = {1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10};

  /**
   * A codec.
   *
   * @param argument what stands in the parentheses
   * @throws IllegalArgumentException expected and found
   */
  static RegisterCodec of(String argument, RegisterOrder order) {
    Matcher form = FORM.matcher(argument);
    SunSpecType base = form.matches() ? SunSpecType.find(form.group(1)) : null;
    if (base == null) {
      throw new IllegalArgumentException(
          "type 'sunspec("
              + argument
              + ")': expected sunspec(TYPE), or sunspec(TYPE,+N) with the scale factor N registers"
              + " behind the value (or -N before it); TYPE is one of "
              + SunSpecType.choices());
    }
    if (order != RegisterOrder.BIG_ENDIAN) {
      throw new IllegalArgumentException(
          "order of " + argument + ": SunSpec has only one: leave it empty");
    }
    String text = Objects.requireNonNullElse(form.group(2), "");
    int distance = text.isEmpty() ? 0 : Integer.parseInt(text);
    SunSpecCodec codec = new SunSpecCodec(base, distance);
    boolean within = distance >= 0 && distance < base.width();
    if (!text.isEmpty() && (within || codec.width() > MAX_WIDTH)) {
      throw new IllegalArgumentException(
          "type 'sunspec("
              + argument
              + ")': expected a scale factor outside the value and within "
              + MAX_WIDTH
              + " registers with it, found "
              + text);
    }
    return codec;
  }

  @Override
  public String type() {
    String factor = distance == 0 ? "" : "," + (distance > 0 ? "+" : "") + distance;
    return "sunspec(" + base.label() + factor + ")";
  }

  @Override
  public int width() {
    return before() + Math.max(base.width(), distance + 1);
  }

  @Override
  public int before() {
    return Math.max(0, -distance);
  }

  @Override
  public boolean writable() {
    return distance == 0;
  }

  @Override
  public void decode(int[] words, int offset, int index, Sink sink) {
    int at = offset + before();
    if (base.none(words, at)) {
      sink.bad(index, "the device gave " + base.noneShown() + ", which means that it has no value");
      return;
    }
    long bits = SunSpecType.bits(words, at, base.width());
    if (distance == 0) {
      plain(bits, index, sink);
      return;
    }
    int factor = (short) words[at + distance];
    if (Math.abs(factor) <= MAX_FACTOR) {
      sink.float64(index, scaled(bits, factor));
    } else {
      sink.bad(
          index,
          factor == NO_FACTOR
              ? "the device gave 0x8000 as the scale factor, which means that it has none"
              : "the device gave the scale factor "
                  + factor
                  + ", expected "
                  + -MAX_FACTOR
                  + ".."
                  + MAX_FACTOR);
    }
  }

  private void plain(long bits, int index, Sink sink) {
    long value = number(bits);
    if (value < 0 && !base.signed()) {
      sink.bad(
          index,
          "the device gave "
              + Long.toUnsignedString(bits)
              + ": only values up to "
              + Long.MAX_VALUE
              + " can be taken");
    } else {
      sink.integer(index, value);
    }
  }

  private long number(long bits) {
    int unused = Long.SIZE - 16 * base.width();
    return base.signed() ? bits << unused >> unused : bits;
  }

  /** The double next to the decimal number: 2305 with the factor -1 is 230.5 and nothing else. */
  private double scaled(long bits, int factor) {
    long value = number(bits);
    boolean huge = value < 0 && !base.signed();
    if (!huge && Math.abs(value) <= EXACT) {
      return factor < 0 ? value / POWERS[-factor] : value * POWERS[factor];
    }
    BigDecimal number = huge ? new BigDecimal(Long.toUnsignedString(bits)) : new BigDecimal(value);
    return number.scaleByPowerOfTen(factor).doubleValue();
  }

  @Override
  public int[] encode(Value value) {
    if (!writable()) {
      throw new IllegalArgumentException(type() + " can only be read");
    }
    String name = (base.signed() ? "int" : "uint") + 16 * base.width();
    return new IntegerCodec(name, base.width(), base.signed(), RegisterOrder.BIG_ENDIAN)
        .encode(value);
  }
}
