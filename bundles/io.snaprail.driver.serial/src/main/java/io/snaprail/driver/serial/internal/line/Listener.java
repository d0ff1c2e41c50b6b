package io.snaprail.driver.serial.internal.line;

/** Hears what comes on a line that nobody is asked on. Called by the thread of the line only. */
public interface Listener {
  /**
   * The port has been opened, or nothing was heard for a while because it was not: the line may be
   * in the middle of a frame.
   */
  void opened(long nanoTime);

  /** Bytes have come. */
  void bytes(byte[] bytes, int offset, int length, long nanoTime);

  /** The time that was asked for is over, and nothing has come. */
  void silence(long nanoTime);

  /** How long until silence means something; {@link Long#MAX_VALUE} for never. */
  long wakeInNanos(long nanoTime);
}
