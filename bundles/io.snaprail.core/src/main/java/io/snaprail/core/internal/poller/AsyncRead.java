package io.snaprail.core.internal.poller;

import io.snaprail.api.driver.AsyncReadPlan;
import io.snaprail.api.driver.Deadline;
import io.snaprail.api.driver.DriverException;
import io.snaprail.api.driver.Sink;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One read that goes on without a worker. Keeps what a driver does out of turn from the cycles
 * after: each read has a sink of its own that is closed when the read has ended.
 *
 * <p>Threads: begun on the lane; delivered to and ended by whichever thread the driver likes.
 */
final class AsyncRead implements Sink, AsyncReadPlan.Completion {
  private static final Logger LOG = LoggerFactory.getLogger(AsyncRead.class);

  private sealed interface State {}

  private enum Open implements State {
    /** The driver has not returned from the call that begins it. */
    BEGUN,
    /** Nobody is in the driver. */
    LEFT_ALONE
  }

  /** How it ended. */
  record Outcome(@Nullable Throwable failure, long nanos) implements State {}

  private final Sink sink;
  private final LongSupplier nanos;
  private final Runnable resume;
  private final Strictness strictness;
  private final AtomicReference<State> state = new AtomicReference<>(Open.BEGUN);

  /** What a device's driver did out of turn, which is told once. */
  static final class Strictness {
    private final String device;
    private final AtomicBoolean told = new AtomicBoolean();

    Strictness(String device) {
      this.device = device;
    }

    private void broken(String how) {
      if (told.compareAndSet(false, true)) {
        LOG.error("Device {}: its driver {}; ignored, now and later", device, how);
      }
    }
  }

  /**
   * A read that delivers to a sink.
   *
   * @param resume is run when the read has ended after {@link #begin} had returned false
   */
  AsyncRead(Sink sink, LongSupplier nanos, Runnable resume, Strictness strictness) {
    this.sink = sink;
    this.nanos = nanos;
    this.resume = resume;
    this.strictness = strictness;
  }

  /** Begins it; whether it has ended already. */
  boolean begin(AsyncReadPlan plan, Deadline deadline) {
    try {
      plan.read(this, deadline, this);
    } catch (Throwable e) {
      if (!state.compareAndSet(Open.BEGUN, new Outcome(e, nanos.getAsLong()))) {
        strictness.broken("threw " + e + " from a read that it had ended");
      }
      return true;
    }
    return !state.compareAndSet(Open.BEGUN, Open.LEFT_ALONE);
  }

  @Override
  public void ended(@Nullable DriverException failure) {
    end(failure);
  }

  /** Ends it unless the driver has. */
  void abandon(DriverException why) {
    if (state.compareAndSet(Open.LEFT_ALONE, new Outcome(why, nanos.getAsLong()))) {
      resume.run();
    }
  }

  private void end(@Nullable Throwable failure) {
    Outcome outcome = new Outcome(failure, nanos.getAsLong());
    if (state.compareAndSet(Open.BEGUN, outcome)) {
      return;
    }
    if (state.compareAndSet(Open.LEFT_ALONE, outcome)) {
      resume.run();
      return;
    }
    strictness.broken("told twice that a read had ended");
  }

  /** How it ended; null while it goes on. */
  @Nullable Outcome outcome() {
    return state.get() instanceof Outcome outcome ? outcome : null;
  }

  /** Whether it has ended, and well. */
  boolean answered() {
    return state.get() instanceof Outcome outcome && outcome.failure() == null;
  }

  private boolean open() {
    if (outcome() == null) {
      return true;
    }
    strictness.broken("delivered a value after the end of its read");
    return false;
  }

  @Override
  public void bool(int index, boolean raw) {
    if (open()) {
      sink.bool(index, raw);
    }
  }

  @Override
  public void integer(int index, long raw) {
    if (open()) {
      sink.integer(index, raw);
    }
  }

  @Override
  public void float32(int index, float raw) {
    if (open()) {
      sink.float32(index, raw);
    }
  }

  @Override
  public void float64(int index, double raw) {
    if (open()) {
      sink.float64(index, raw);
    }
  }

  @Override
  public void text(int index, String raw) {
    if (open()) {
      sink.text(index, raw);
    }
  }

  @Override
  public void bad(int index, String reason) {
    if (open()) {
      sink.bad(index, reason);
    }
  }

  @Override
  public void sourceTime(int index, Instant time) {
    if (open()) {
      sink.sourceTime(index, time);
    }
  }
}
