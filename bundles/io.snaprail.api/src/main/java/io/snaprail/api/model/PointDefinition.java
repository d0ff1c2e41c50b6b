package io.snaprail.api.model;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One named value of a device, as a row of a register map defines it.
 *
 * @param name unique within its device; letters, digits and {@code _ - .}, 1..64 characters
 * @param address where the value is, in the driver's own notation, such as {@code holding:100}
 * @param type the raw type in the driver's own notation, such as {@code int16}
 * @param order byte and word order in the driver's own notation; empty for the driver's default
 * @param scale engineering value = raw x scale + offset; never zero. Decimal, so that 215 x 0.1 is
 *     21.5 and nothing else
 * @param offset added after scaling
 * @param unit unit of the engineering value, as shown; may be empty
 * @param access whether the point may be read and written
 * @param period how often the point is read; null for the period of its device
 * @param deadband smallest change of the engineering value that counts as one; 0 for every change
 * @param min lowest engineering value that may be written; null for no limit
 * @param max highest engineering value that may be written; null for no limit
 * @param description for people; may be empty
 * @param origin where the definition was read
 */
public record PointDefinition(
    String name,
    String address,
    String type,
    String order,
    BigDecimal scale,
    BigDecimal offset,
    String unit,
    Access access,
    @Nullable Duration period,
    double deadband,
    @Nullable BigDecimal min,
    @Nullable BigDecimal max,
    String description,
    SourceLocation origin) {

  /** The same with another deadband, 0 or above. */
  public PointDefinition withDeadband(double other) {
    return new PointDefinition(
        name,
        address,
        type,
        order,
        scale,
        offset,
        unit,
        access,
        period,
        other,
        min,
        max,
        description,
        origin);
  }

  /** Longest name of a point, in characters. */
  public static final int MAX_NAME_LENGTH = 64;

  /** Checks what can be checked without knowing the driver. */
  public PointDefinition {
    if (!isName(name)) {
      throw new IllegalArgumentException(
          "point name '"
              + name
              + "' is not 1.."
              + MAX_NAME_LENGTH
              + " letters, digits, '_', '-' or '.'");
    }
    Objects.requireNonNull(address, "address");
    Objects.requireNonNull(type, "type");
    Objects.requireNonNull(order, "order");
    if (scale.signum() == 0) {
      throw new IllegalArgumentException("scale of point '" + name + "' must not be 0");
    }
    Objects.requireNonNull(offset, "offset");
    Objects.requireNonNull(access, "access");
    if (period != null && (period.isZero() || period.isNegative())) {
      throw new IllegalArgumentException("period of point '" + name + "' must be above 0");
    }
    if (!(deadband >= 0) || Double.isInfinite(deadband)) {
      throw new IllegalArgumentException("deadband of point '" + name + "' must be 0 or above");
    }
    if (min != null && max != null && min.compareTo(max) > 0) {
      throw new IllegalArgumentException(
          "min " + min + " of point '" + name + "' is above its max " + max);
    }
  }

  /** Whether the text can name a point or a device. */
  public static boolean isName(String text) {
    if (text.isEmpty() || text.length() > MAX_NAME_LENGTH) {
      return false;
    }
    return text.chars()
        .allMatch(c -> Character.isLetterOrDigit(c) || c == '_' || c == '-' || c == '.');
  }

  /** Whether raw and engineering value are the same number. */
  public boolean unscaled() {
    return offset.signum() == 0 && scale.compareTo(BigDecimal.ONE) == 0;
  }
}
