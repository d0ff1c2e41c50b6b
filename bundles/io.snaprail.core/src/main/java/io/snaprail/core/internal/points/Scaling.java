package io.snaprail.core.internal.points;

import io.snaprail.api.model.PointDefinition;
import io.snaprail.api.model.Value;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;

/**
 * Turns raw into engineering values and back.
 *
 * <p>Whole raw numbers are scaled in decimal: raw x 0.1 is computed as raw / 10, whose result is
 * the double nearest to the true one, so that 3 x 0.1 is 0.3 and not 0.30000000000000004. Single
 * precision numbers stay single precision, as more digits would be invented.
 */
public final class Scaling {
  /** Up to here every whole number is exact as a double. */
  private static final long EXACT = 1L << 53;

  /** 10^22 is the largest power of ten that is exact as a double. */
  private static final int MAX_EXACT_POWER = 22;

  /**
   * How far, relatively, the quotient of a scaled value may be off a whole number and still mean
   * it: a value that was read and is written back has passed through a double.
   */
  private static final BigDecimal NOISE = new BigDecimal("1e-9");

  private final boolean identity;
  private final BigDecimal scale;
  private final BigDecimal offset;
  private final double scaleDouble;
  private final double offsetDouble;
  // engineering = (raw x numerator + addend) / divisor, when these fit into exact numbers
  private final boolean exact;
  private final long numerator;
  private final long addend;
  private final double divisor;

  /** The scaling of a point. */
  public Scaling(PointDefinition point) {
    scale = point.scale();
    offset = point.offset();
    identity = point.unscaled();
    scaleDouble = scale.doubleValue();
    offsetDouble = offset.doubleValue();
    int digits =
        Math.max(
            0, Math.max(scale.stripTrailingZeros().scale(), offset.stripTrailingZeros().scale()));
    BigDecimal power = BigDecimal.TEN.pow(Math.min(digits, MAX_EXACT_POWER));
    BigDecimal wideScale = scale.multiply(power);
    BigDecimal wideOffset = offset.multiply(power);
    exact =
        digits <= MAX_EXACT_POWER
            && wideScale.abs().compareTo(BigDecimal.valueOf(EXACT)) <= 0
            && wideOffset.abs().compareTo(BigDecimal.valueOf(EXACT)) <= 0;
    numerator = exact ? wideScale.longValueExact() : 0;
    addend = exact ? wideOffset.longValueExact() : 0;
    divisor = power.doubleValue();
  }

  /** Scales a whole number. Whole stays whole when scale and offset are. */
  public Value toEngineering(long raw) {
    if (identity) {
      return new Value.Int(raw);
    }
    if (exact) {
      long high = Math.multiplyHigh(raw, numerator);
      long product = raw * numerator;
      long sum = product + addend;
      boolean fits = high == (product >> 63) && ((product ^ sum) & (addend ^ sum)) >= 0;
      if (fits && divisor == 1) {
        return new Value.Int(sum);
      }
      if (fits && Math.abs(sum) <= EXACT) {
        return new Value.Float64(sum / divisor);
      }
    }
    return new Value.Float64(BigDecimal.valueOf(raw).multiply(scale).add(offset).doubleValue());
  }

  /** Scales a single precision number; the result has no more digits than the raw one. */
  public Value toEngineering(float raw) {
    return new Value.Float32(identity ? raw : (float) (raw * scaleDouble + offsetDouble));
  }

  /** Scales a double precision number. */
  public Value toEngineering(double raw) {
    return new Value.Float64(identity ? raw : raw * scaleDouble + offsetDouble);
  }

  /**
   * The raw value that stands for an engineering value: {@link Value.Int} when it is whole.
   * Booleans and texts pass as they are.
   */
  public Value toRaw(Value engineering) {
    if (engineering instanceof Value.Bool || engineering instanceof Value.Text) {
      return engineering;
    }
    BigDecimal number = new BigDecimal(engineering.text());
    if (identity) {
      return whole(number, BigDecimal.ZERO, engineering);
    }
    BigDecimal raw = number.subtract(offset).divide(scale, MathContext.DECIMAL128);
    return whole(raw, NOISE, new Value.Float64(raw.doubleValue()));
  }

  private static Value whole(BigDecimal raw, BigDecimal noise, Value otherwise) {
    BigDecimal whole = raw.setScale(0, RoundingMode.HALF_EVEN);
    BigDecimal tolerance = noise.multiply(whole.abs().max(BigDecimal.ONE));
    boolean close = raw.subtract(whole).abs().compareTo(tolerance) <= 0;
    boolean fits = whole.abs().compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) <= 0;
    return close && fits ? new Value.Int(whole.longValueExact()) : otherwise;
  }
}
