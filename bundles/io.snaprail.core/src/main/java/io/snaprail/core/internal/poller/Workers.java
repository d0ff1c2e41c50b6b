package io.snaprail.core.internal.poller;

import java.lang.reflect.Method;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedTransferQueue;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The threads that serve the lanes, and the timer that wakes them. Virtual threads from JDK 24 on,
 * where a virtual thread that blocks inside {@code synchronized} no longer holds its carrier; a
 * bounded pool before. Of the bounded pool, devices that are away may hold a quarter and devices
 * that nobody has seen yet half, so that the others always find a worker.
 */
final class Workers implements Threads, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Workers.class);
  private static final int FIRST_JDK_WITHOUT_PINNING = 24;
  private static final int MAX_THREADS = 64;
  private static final long IDLE_SECONDS = 30;

  private final ExecutorService executor;
  private final ScheduledThreadPoolExecutor timer;
  private final Permits firsts;
  private final Permits probes;

  /** The best that this JDK has. */
  Workers() {
    this(executor());
  }

  private Workers(ExecutorService executor) {
    this.executor = executor;
    boolean bounded = executor instanceof ThreadPoolExecutor;
    firsts = new Permits(bounded ? MAX_THREADS / 2 : Integer.MAX_VALUE);
    probes = new Permits(bounded ? MAX_THREADS / 4 : Integer.MAX_VALUE);
    timer = new ScheduledThreadPoolExecutor(1, daemon("snaprail-poll-timer"));
    timer.setRemoveOnCancelPolicy(true);
    // A lane whose driver returns after the end has nothing to wake up for.
    timer.setRejectedExecutionHandler(new ThreadPoolExecutor.DiscardPolicy());
    timer.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
  }

  /** The bounded pool, whatever this JDK has. */
  static Workers bounded() {
    return new Workers(boundedPool());
  }

  @Override
  public void execute(Runnable task) {
    executor.execute(task);
  }

  @Override
  public Future<?> alarm(Runnable task, long delayNanos) {
    return timer.schedule(task, delayNanos, TimeUnit.NANOSECONDS);
  }

  @Override
  public long nanos() {
    return System.nanoTime();
  }

  @Override
  public Permits firsts() {
    return firsts;
  }

  @Override
  public Permits probes() {
    return probes;
  }

  @Override
  public void close() {
    timer.shutdownNow();
    executor.shutdownNow();
  }

  private static ExecutorService executor() {
    if (Runtime.version().feature() >= FIRST_JDK_WITHOUT_PINNING) {
      try {
        // By reflection, as the code is compiled for JDK 17.
        Class<?> builder = Class.forName("java.lang.Thread$Builder");
        Object named =
            builder
                .getMethod("name", String.class, long.class)
                .invoke(Thread.class.getMethod("ofVirtual").invoke(null), "snaprail-lane-", 0L);
        Method factory = builder.getMethod("factory");
        return (ExecutorService)
            Executors.class
                .getMethod("newThreadPerTaskExecutor", ThreadFactory.class)
                .invoke(null, factory.invoke(named));
      } catch (ReflectiveOperationException e) {
        LOG.warn("No virtual threads on JDK {}: {}", Runtime.version(), e.toString());
      }
    }
    return boundedPool();
  }

  /** Grows only when every thread is busy; past the bound, lanes wait their turn. */
  private static ExecutorService boundedPool() {
    HandOffQueue queue = new HandOffQueue();
    return new ThreadPoolExecutor(
        1,
        MAX_THREADS,
        IDLE_SECONDS,
        TimeUnit.SECONDS,
        queue,
        daemon("snaprail-lane"),
        (task, pool) -> {
          if (!pool.isShutdown()) {
            queue.put(task);
          }
        });
  }

  private static ThreadFactory daemon(String name) {
    AtomicInteger count = new AtomicInteger();
    return task -> {
      Thread thread = new Thread(task, name + "-" + count.incrementAndGet());
      thread.setDaemon(true);
      return thread;
    };
  }

  /** Takes a task only when an idle thread takes it at once: otherwise the pool grows. */
  private static final class HandOffQueue extends LinkedTransferQueue<Runnable> {
    private static final long serialVersionUID = 1L;

    @Override
    public boolean offer(Runnable task) {
      return tryTransfer(task);
    }
  }
}
