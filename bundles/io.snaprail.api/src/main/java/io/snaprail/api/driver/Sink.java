package io.snaprail.api.driver;

import java.time.Instant;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Takes what a plan reads, as raw values; the core scales them and stamps them with the time of the
 * answer. The index is the point's position in the list that was compiled. Delivering an index
 * twice keeps the latter.
 */
@ProviderType
public interface Sink {
  /** A boolean. */
  void bool(int index, boolean raw);

  /** A whole number of any width up to 64 bits signed. */
  void integer(int index, long raw);

  /** A single precision number; NaN and infinities become BAD. */
  void float32(int index, float raw);

  /** A double precision number; NaN and infinities become BAD. */
  void float64(int index, double raw);

  /** A text. */
  void text(int index, String raw);

  /** There is no valid value for this point in this cycle; the reason is for people. */
  void bad(int index, String reason);

  /** Sets the device's own time stamp for a point that has been delivered. */
  void sourceTime(int index, Instant time);
}
