package io.snaprail.core.internal.settings;

import io.snaprail.api.driver.DeviceProperties;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A common setting that is a time in milliseconds: read by the registry, shown by the forms.
 *
 * @param key in the configuration
 * @param label in the form
 * @param description in the form
 * @param standard the value when it is not set
 * @param min smallest
 * @param max largest
 */
public record MillisSetting(
    String key, String label, String description, long standard, long min, long max) {

  /** Period of points that set none themselves. */
  public static final MillisSetting PERIOD =
      new MillisSetting(
          DeviceProperties.PERIOD_MS,
          "Period (ms)",
          "How often points are read that set no period themselves",
          1_000,
          10,
          86_400_000);

  /** Longest a read or write may take. */
  public static final MillisSetting TIMEOUT =
      new MillisSetting(
          DeviceProperties.TIMEOUT_MS,
          "Time-out (ms)",
          "Longest a read or write may take",
          1_000,
          10,
          600_000);

  /** First pause before a device that is away is tried again. */
  public static final MillisSetting BACKOFF_MIN =
      new MillisSetting(
          DeviceProperties.BACKOFF_MIN_MS,
          "Shortest back-off (ms)",
          "First pause before a device that is away is tried again",
          1_000,
          10,
          3_600_000);

  /** Longest pause before a device that is away is tried again. */
  public static final MillisSetting BACKOFF_MAX =
      new MillisSetting(
          DeviceProperties.BACKOFF_MAX_MS,
          "Longest back-off (ms)",
          "Longest pause before a device that is away is tried again",
          60_000,
          10,
          86_400_000);

  /** All of them. */
  public static final List<MillisSetting> ALL = List.of(PERIOD, TIMEOUT, BACKOFF_MIN, BACKOFF_MAX);

  /** What is expected, for messages. */
  public String expected() {
    return "a whole number of milliseconds, " + min + ".." + max;
  }

  /**
   * The setting's value: the standard when it is not set, null when what was found is not in range.
   */
  public @Nullable Duration parse(@Nullable Object found) {
    Long millis = found == null ? Long.valueOf(standard) : whole(found);
    return millis == null || millis < min || millis > max ? null : Duration.ofMillis(millis);
  }

  private static @Nullable Long whole(Object found) {
    if (found instanceof Number number && number.doubleValue() == number.longValue()) {
      return number.longValue();
    }
    if (found instanceof String text && text.matches("-?\\d{1,18}")) {
      return Long.valueOf(text);
    }
    return null;
  }
}
