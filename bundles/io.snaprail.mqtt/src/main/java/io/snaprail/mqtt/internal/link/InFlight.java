package io.snaprail.mqtt.internal.link;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;

/**
 * Counts what a broker has not yet answered, and notices when it has stopped answering: TCP alone
 * takes minutes to see a broker that is frozen or a line that drops packets. One for each
 * connection; safe for any thread.
 */
public final class InFlight {
  /** Longest silence while answers are due: measured, an honest broker is far quicker. */
  public static final Duration STALL = Duration.ofSeconds(8);

  private final LongSupplier nanoTime;
  private final AtomicInteger outstanding = new AtomicInteger();
  private volatile long progressAt;
  private volatile boolean answered;

  /** Uses the given monotonic time. */
  public InFlight(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    this.progressAt = nanoTime.getAsLong();
  }

  /** Something is sent that will be answered. */
  public void sent() {
    if (outstanding.getAndIncrement() == 0) {
      progressAt = nanoTime.getAsLong();
    }
  }

  /** An answer has come. */
  public void answered() {
    answered = true;
    progressAt = nanoTime.getAsLong();
    outstanding.decrementAndGet();
  }

  /** It turned out not to be sent, or will not be answered. */
  public void withdrawn() {
    outstanding.decrementAndGet();
  }

  /** Whether anything was ever answered. */
  public boolean everAnswered() {
    return answered;
  }

  /** Whether answers are due and none has come for {@link #STALL}. */
  public boolean stalled() {
    return outstanding.get() > 0 && nanoTime.getAsLong() - progressAt > STALL.toNanos();
  }

  /** How many answers are due. */
  public int outstanding() {
    return outstanding.get();
  }
}
