package io.snaprail.driver.serial.internal.line;

/** What comes back on a request. Used by one thread at a time. */
public interface Answer extends Ear {
  /** The request has been sent: from now on what comes is the answer. */
  void begins(long nanoTime);

  /** Whether nothing more is waited for. */
  boolean complete();
}
