package io.snaprail.benchmarks.tcp;

import io.snaprail.api.driver.Sink;
import java.time.Instant;

/** Counts what is read: cheaper than to remember it, and no read that went wrong counts. */
final class Counted implements Sink {
  private final int expected;
  private int count;

  /**
   * For plans of so many points.
   *
   * @param expected points in a plan
   */
  Counted(int expected) {
    this.expected = expected;
  }

  /** A read has ended: whether every point has come. */
  boolean complete() {
    boolean complete = count == expected;
    count = 0;
    return complete;
  }

  @Override
  public void integer(int index, long raw) {
    count++;
  }

  @Override
  public void bad(int index, String reason) {
    throw new IllegalStateException(reason);
  }

  @Override
  public void bool(int index, boolean raw) {
    throw unexpected();
  }

  @Override
  public void float32(int index, float raw) {
    throw unexpected();
  }

  @Override
  public void float64(int index, double raw) {
    throw unexpected();
  }

  @Override
  public void text(int index, String raw) {
    throw unexpected();
  }

  @Override
  public void sourceTime(int index, Instant time) {
    throw unexpected();
  }

  private static IllegalStateException unexpected() {
    return new IllegalStateException("every point is a whole number");
  }
}
