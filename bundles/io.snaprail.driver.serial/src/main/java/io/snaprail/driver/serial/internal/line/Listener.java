package io.snaprail.driver.serial.internal.line;

/** Hears what comes on a line that nobody is asked on. Called by the thread of the line only. */
public interface Listener extends Ear {
  /**
   * The port has been opened, or nothing was heard for a while because it was not: the line may be
   * in the middle of a frame.
   */
  void opened(long nanoTime);

  /**
   * How long bytes in the middle of a frame may wait, so that they are taken in fewer pieces; 0
   * when it matters when each has come.
   */
  long batchNanos();
}
