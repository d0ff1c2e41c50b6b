package io.snaprail.api.model;

import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One reading of one point.
 *
 * @param point name of the point within its device
 * @param value engineering value; null when the quality is {@link Quality#BAD}
 * @param quality how far the value can be trusted
 * @param reason why the quality is not GOOD, for people; empty when it is
 * @param sourceTime when the value was true in the field: the device's own time stamp if it has
 *     one, else the time of the answer
 */
public record Sample(
    String point, @Nullable Value value, Quality quality, String reason, Instant sourceTime) {

  /** A BAD sample has no value, every other one has; a reason exists exactly when needed. */
  public Sample {
    Objects.requireNonNull(point, "point");
    Objects.requireNonNull(sourceTime, "sourceTime");
    if ((quality == Quality.BAD) != (value == null)) {
      throw new IllegalArgumentException(
          "sample of '" + point + "': quality " + quality + " with value " + value);
    }
    if ((quality == Quality.GOOD) != reason.isEmpty()) {
      throw new IllegalArgumentException(
          "sample of '" + point + "': quality " + quality + " with reason '" + reason + "'");
    }
  }

  /** A sample that passed every check. */
  public static Sample good(String point, Value value, Instant sourceTime) {
    return new Sample(point, value, Quality.GOOD, "", sourceTime);
  }

  /** A sample without a value. */
  public static Sample bad(String point, String reason, Instant sourceTime) {
    return new Sample(point, null, Quality.BAD, reason, sourceTime);
  }
}
