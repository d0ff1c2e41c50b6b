package io.snaprail.testkit.line;

import java.util.Locale;

/** What a unit of the simulator answers instead of the truth. */
public enum LineLie {
  /** The right answer, later than it should come ({@link LineSimulator#lateness}). */
  LATE,
  /** Nothing. */
  SILENT,
  /** The answer in the name of another unit. */
  UNIT,
  /** The answer with another function code. */
  FUNCTION,
  /** One register fewer than asked, else right. */
  SHORT,
  /** One register more than asked, else right. */
  LONG,
  /** The beginning of the answer. */
  TRUNCATED,
  /** Garbage, then the answer without a pause. */
  BEFORE,
  /** The answer, then garbage without a pause. */
  AFTER,
  /** Exception 11, and later the right answer, as a gateway may do. */
  REFUSED_FIRST,
  /** The answer with a wrong checksum. */
  CHECKSUM,
  /** The answer, and then the same again. */
  TWICE,
  /** Garbage alone. */
  GARBAGE;

  String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
