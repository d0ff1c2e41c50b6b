package io.snaprail.driver.modbus.internal;

import io.snaprail.api.driver.AsyncReadPlan;
import io.snaprail.api.driver.Deadline;
import io.snaprail.api.driver.DriverException;
import io.snaprail.api.driver.Inspectable;
import io.snaprail.api.driver.Inspection;
import io.snaprail.api.driver.Sink;
import io.snaprail.driver.modbus.internal.ReadCycle.Asked;
import io.snaprail.driver.modbus.internal.transport.AsyncTransport;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sends its reads, some at once if the device may be asked so, and holds no thread meanwhile. */
final class AsyncModbusReadPlan implements AsyncReadPlan, Inspectable {
  private static final Logger LOG = LoggerFactory.getLogger(AsyncModbusReadPlan.class);

  /** How much later than its deadline a read may be told as ended: the transport tells it. */
  private static final long GRACE_NANOS = TimeUnit.SECONDS.toNanos(2);

  private final UnitAccess unit;
  private final AsyncTransport transport;
  private final ReadLayout layout;

  AsyncModbusReadPlan(UnitAccess unit, AsyncTransport transport, ReadLayout layout) {
    this.unit = unit;
    this.transport = transport;
    this.layout = layout;
  }

  @Override
  public Inspection inspect() {
    return layout.inspect();
  }

  @Override
  public void read(Sink sink, Deadline deadline) throws DriverException {
    CompletableFuture<@Nullable DriverException> ended = new CompletableFuture<>();
    read(sink, deadline, ended::complete);
    DriverException failure;
    try {
      long most = Math.max(0, deadline.remainingNanos()) + GRACE_NANOS;
      failure = ended.get(most, TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw DriverException.noAnswer(transport.endpoint() + ": interrupted", e);
    } catch (ExecutionException | TimeoutException e) {
      throw new IllegalStateException(transport.endpoint() + ": a read did not end", e);
    }
    if (failure != null) {
      throw failure;
    }
  }

  @Override
  public void read(Sink sink, Deadline deadline, Completion done) {
    layout.refresh(System.nanoTime(), unit.cost());
    ReadCycle cycle = new ReadCycle(unit.target(), layout, sink, deadline, System::nanoTime);
    new Run(cycle, deadline, done).go();
  }

  /**
   * One read. Answers may come by another thread, and before the request that they answer has been
   * left: they queue, and whichever thread finds nobody at work works them off.
   */
  private final class Run {
    private final ReadCycle cycle;
    private final Deadline deadline;
    private final Completion done;

    /** Holds at most what is under way, and one pause. */
    private final Queue<Runnable> events = new ConcurrentLinkedQueue<>();

    private final AtomicInteger waiting = new AtomicInteger();
    private int underWay;
    private boolean pausing;
    private boolean told;

    Run(ReadCycle cycle, Deadline deadline, Completion done) {
      this.cycle = cycle;
      this.deadline = deadline;
      this.done = done;
    }

    void go() {
      happened(() -> {});
    }

    private void happened(Runnable event) {
      events.add(event);
      if (waiting.getAndIncrement() > 0) {
        return;
      }
      do {
        workOff();
      } while (waiting.decrementAndGet() > 0);
    }

    private void workOff() {
      try {
        Runnable event = events.remove();
        if (!told) {
          event.run();
          ask();
        }
      } catch (Throwable e) {
        // Whatever it was: the core must be told, and the thread serves other devices.
        LOG.error("A read of {} failed", transport.endpoint(), e);
        tell(DriverException.wrongAnswer(transport.endpoint() + ": the driver failed: " + e, e));
      }
    }

    private void ask() {
      int most = unit.pace().slow() ? 1 : transport.window();
      while (underWay < most && !pausing && !cycle.ended()) {
        if (pause()) {
          return;
        }
        Asked asked = cycle.next();
        if (asked == null) {
          break;
        }
        underWay++;
        unit.exchange(transport, asked.request(), deadline, new Outcome(asked));
      }
      if (cycle.ended()) {
        tell(cycle.failure());
      }
    }

    /** Whether a pause has to be waited for. */
    private boolean pause() {
      long wait = unit.pace().waitNanos();
      if (wait <= 0) {
        return false;
      }
      if (wait >= deadline.remainingNanos()) {
        cycle.noTime();
        return false;
      }
      pausing = true;
      transport.later(wait, () -> happened(() -> pausing = false));
      return true;
    }

    private void tell(@Nullable DriverException failure) {
      if (!told) {
        told = true;
        transport.rest();
        done.ended(failure);
      }
    }

    /** Takes what comes of one request. */
    private final class Outcome implements AsyncTransport.Answer {
      private final Asked asked;

      Outcome(Asked asked) {
        this.asked = asked;
      }

      @Override
      public void answered(byte[] answer) {
        happened(
            () -> {
              ended();
              cycle.answered(asked, answer);
            });
      }

      @Override
      public void failed(DriverException failure) {
        happened(
            () -> {
              ended();
              cycle.failed(asked, failure);
            });
      }

      private void ended() {
        underWay--;
        unit.pace().used();
      }
    }
  }
}
