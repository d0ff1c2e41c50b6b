package io.snaprail.driver.serial.internal.sensor;

import io.snaprail.driver.serial.internal.line.Answer;

/** The answer to a command that is not answered. */
enum Silent implements Answer {
  ANSWER;

  @Override
  public void begins(long nanoTime) {
    // Nothing is waited for.
  }

  @Override
  public void bytes(byte[] bytes, int offset, int length, long nanoTime) {
    // Nothing is heard.
  }

  @Override
  public void silence(long nanoTime) {
    // Nothing is heard.
  }

  @Override
  public void deaf(long nanos) {
    // Nothing is heard.
  }

  @Override
  public long wakeInNanos(long nanoTime) {
    return Long.MAX_VALUE;
  }

  @Override
  public boolean complete() {
    return true;
  }
}
