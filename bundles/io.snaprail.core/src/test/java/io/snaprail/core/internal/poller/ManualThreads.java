package io.snaprail.core.internal.poller;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;

/** One worker, a timer and a time that stand still until a test moves them. */
final class ManualThreads implements Threads {
  private record Alarm(long atNanos, long order, Runnable task, CompletableFuture<Void> state) {}

  private final Deque<Runnable> tasks = new ArrayDeque<>();
  private final Queue<Alarm> alarms =
      new PriorityQueue<>(Comparator.comparingLong(Alarm::atNanos).thenComparingLong(Alarm::order));
  private final Permits firsts;
  private final Permits probes;
  private long nanos = 5_000_000_000L;
  private long order;

  ManualThreads() {
    this(Integer.MAX_VALUE);
  }

  ManualThreads(int permits) {
    firsts = new Permits(permits);
    probes = new Permits(permits);
  }

  @Override
  public void execute(Runnable task) {
    tasks.addLast(task);
  }

  @Override
  public Future<?> alarm(Runnable task, long delayNanos) {
    CompletableFuture<Void> state = new CompletableFuture<>();
    alarms.add(new Alarm(nanos + delayNanos, order++, task, state));
    return state;
  }

  @Override
  public long nanos() {
    return nanos;
  }

  @Override
  public Permits firsts() {
    return firsts;
  }

  @Override
  public Permits probes() {
    return probes;
  }

  /** Lets time pass for whoever calls, such as a driver that waits; no alarm goes off meanwhile. */
  void pass(Duration time) {
    nanos += time.toNanos();
  }

  /** Whether somebody wants a worker. */
  boolean busy() {
    return !tasks.isEmpty();
  }

  /** Gives the worker to everyone who wants it. */
  void work() {
    workUntil(Long.MAX_VALUE);
  }

  /** A lane with too much to do wants a worker for ever: whoever is left at the end waits. */
  private void workUntil(long end) {
    while (!tasks.isEmpty() && nanos < end) {
      tasks.removeFirst().run();
    }
  }

  /** Lets time go on; every alarm in between goes off, and whoever wants a worker gets it. */
  void advance(Duration time) {
    long end = nanos + time.toNanos();
    workUntil(end);
    for (Alarm next = alarms.peek(); next != null && next.atNanos <= end; next = alarms.peek()) {
      alarms.remove();
      if (next.state.complete(null)) {
        nanos = Math.max(nanos, next.atNanos);
        next.task.run();
        workUntil(end);
      }
    }
    nanos = Math.max(nanos, end);
  }
}
