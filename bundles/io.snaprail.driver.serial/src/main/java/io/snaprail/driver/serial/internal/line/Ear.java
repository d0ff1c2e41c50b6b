package io.snaprail.driver.serial.internal.line;

/** Hears what comes on a line. Called by one thread at a time. */
public interface Ear {
  /** Bytes have come. */
  void bytes(byte[] bytes, int offset, int length, long nanoTime);

  /** The time that was asked for is over, and nothing has come. */
  void silence(long nanoTime);

  /** For so long nobody has read the line: what comes next may have come meanwhile. */
  void deaf(long nanos);

  /** How long until silence means something; {@link Long#MAX_VALUE} for never. */
  long wakeInNanos(long nanoTime);
}
