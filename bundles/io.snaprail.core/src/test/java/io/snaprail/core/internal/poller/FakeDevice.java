package io.snaprail.core.internal.poller;

import io.snaprail.api.driver.Deadline;
import io.snaprail.api.driver.Device;
import io.snaprail.api.driver.DriverException;
import io.snaprail.api.driver.ReadPlan;
import io.snaprail.api.model.PointDefinition;
import io.snaprail.api.model.Value;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** A device whose answers a test chooses; it notices when two threads are in it at once. */
public class FakeDevice implements Device {
  private final String bus;
  private final AtomicInteger inside;

  /** What the next reads do. */
  public volatile DriverException failure;

  /** A bug in the driver. */
  public volatile RuntimeException undeclared;

  /** What a read gives; null for the number of reads. */
  public volatile Long holds;

  /** When set, reads of a single point that was written fail with it. */
  public volatile DriverException readBackFailure;

  /** When set, a read waits for it. */
  public volatile CountDownLatch gate;

  /** When set, a write waits for it. */
  public volatile CountDownLatch writeGate;

  /** Whether reads leave their thread interrupted. */
  public volatile boolean interrupting;

  /** Reads that began on an interrupted thread. */
  public final AtomicInteger interrupted = new AtomicInteger();

  /** Reads so far. */
  public final AtomicInteger reads = new AtomicInteger();

  /** Reads that wait for the gate now. */
  public final AtomicInteger waiting = new AtomicInteger();

  /** Violations of the thread rule so far. */
  public final AtomicInteger overlaps = new AtomicInteger();

  /** What was written, as point=value. */
  public final List<String> writes = new CopyOnWriteArrayList<>();

  /** A device alone on a bus. */
  public FakeDevice(String bus) {
    this(bus, new AtomicInteger());
  }

  /** A device that shares a bus, and so the count of threads inside it. */
  public FakeDevice(String bus, AtomicInteger inside) {
    this.bus = bus;
    this.inside = inside;
  }

  @Override
  public String bus() {
    return bus;
  }

  @Override
  public ReadPlan compile(List<PointDefinition> points, PointErrors errors) {
    for (int i = 0; i < points.size(); i++) {
      if (points.get(i).address().equals("bad")) {
        errors.add(i, "address 'bad': expected a number");
      }
    }
    return (sink, deadline) -> {
      enter();
      try {
        if (Thread.currentThread().isInterrupted()) {
          interrupted.incrementAndGet();
        }
        reads.incrementAndGet();
        if (interrupting) {
          Thread.currentThread().interrupt();
        }
        waiting.incrementAndGet();
        await(gate);
        waiting.decrementAndGet();
        if (undeclared != null) {
          throw undeclared;
        }
        if (failure != null) {
          throw failure;
        }
        if (readBackFailure != null && !writes.isEmpty() && points.size() == 1) {
          throw readBackFailure;
        }
        for (int i = 0; i < points.size(); i++) {
          sink.integer(i, holds == null ? reads.get() : holds);
        }
      } finally {
        inside.decrementAndGet();
      }
    };
  }

  /** Waits for a gate if there is one. */
  protected static void await(CountDownLatch gate) {
    if (gate != null) {
      try {
        gate.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private void enter() {
    if (inside.incrementAndGet() != 1) {
      overlaps.incrementAndGet();
    }
  }

  @Override
  public void checkWritable(List<PointDefinition> points, PointErrors errors) {}

  @Override
  public void write(PointDefinition point, Value raw, Deadline deadline) throws DriverException {
    enter();
    try {
      await(writeGate);
      if (failure != null) {
        throw failure;
      }
      writes.add(point.name() + "=" + raw.text());
    } finally {
      inside.decrementAndGet();
    }
  }
}
