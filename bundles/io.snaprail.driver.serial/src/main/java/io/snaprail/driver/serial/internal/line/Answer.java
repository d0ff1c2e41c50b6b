package io.snaprail.driver.serial.internal.line;

/** What comes back on a request. Used by one thread at a time. */
public interface Answer {
  /** The request has been sent: from now on what comes is the answer. */
  void begins(long nanoTime);

  /** Bytes have come. */
  void bytes(byte[] bytes, int offset, int length, long nanoTime);

  /** The time that was asked for is over, and nothing has come. */
  void silence(long nanoTime);

  /** How long until silence means something; {@link Long#MAX_VALUE} for never. */
  long wakeInNanos(long nanoTime);

  /** Whether nothing more is waited for. */
  boolean complete();
}
