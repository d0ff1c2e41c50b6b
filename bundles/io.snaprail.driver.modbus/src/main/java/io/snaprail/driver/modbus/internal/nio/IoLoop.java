package io.snaprail.driver.modbus.internal.nio;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.Queue;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread that waits for sockets and for points in time, {@code snaprail-modbus-io}. It
 * starts when there is something to wait for and ends in {@link #close()}. What it runs must not
 * block. Every method is safe for any thread unless it says otherwise.
 */
public final class IoLoop implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(IoLoop.class);
  private static final int BUFFER = 16_384;
  private static final long JOIN_MILLIS = 2_000;

  /** What is to be told that its socket is ready. */
  interface Handler {
    /** Called on the loop's thread. */
    void ready(SelectionKey key);
  }

  /** Something to be done at a point in time, as often as it is set. */
  public static final class Timer {
    private final Runnable task;
    private long at;
    private long order;
    private boolean set;

    /** Not set yet. */
    public Timer(Runnable task) {
      this.task = task;
    }
  }

  private final Selector selector;
  private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER);

  /** Bounded by what there is: one for a connection that opens or a name that was looked up. */
  private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();

  /** Those that are set. Guards itself, the timers, and the fields below. */
  private final TreeSet<Timer> timers =
      new TreeSet<>(
          (a, b) -> a.at == b.at ? Long.compare(a.order, b.order) : Long.signum(a.at - b.at));

  private long orders;

  /** Until when the thread sleeps if nothing happens; meaningless while it does not. */
  private long sleepsUntil = Long.MIN_VALUE;

  private boolean sleeps;
  private volatile @Nullable Thread thread;
  private boolean closed;

  /** Whether nothing is run any more. */
  private boolean ended;

  /** Opens the selector; starts nothing yet. */
  public IoLoop() {
    try {
      selector = Selector.open();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot open a selector", e);
    }
  }

  /** Runs a task on the loop's thread; at once when this is it, and after the end. */
  public void execute(Runnable task) {
    if (inLoop() || !added(task)) {
      guarded(task);
      return;
    }
    start();
    selector.wakeup();
  }

  private boolean added(Runnable task) {
    synchronized (timers) {
      return !ended && tasks.add(task);
    }
  }

  private boolean inLoop() {
    return Thread.currentThread().equals(thread);
  }

  private void start() {
    if (thread != null) {
      return;
    }
    synchronized (timers) {
      if (thread == null && !closed) {
        Thread made = new Thread(this::run, "snaprail-modbus-io");
        made.setDaemon(true);
        thread = made;
        made.start();
      }
    }
  }

  /**
   * Sets a timer to a reading of {@link System#nanoTime()}, whatever it was set to before.
   *
   * @return false when the loop has ended: then the timer never runs
   */
  public boolean set(Timer timer, long at) {
    boolean wake;
    synchronized (timers) {
      remove(timer);
      if (ended) {
        return false;
      }
      timer.at = at;
      timer.order = orders++;
      timer.set = true;
      timers.add(timer);
      wake = sleeps && at - sleepsUntil < 0 && !inLoop();
    }
    start();
    if (wake) {
      selector.wakeup();
    }
    return true;
  }

  /** Lets a timer that is set run now. */
  public void hasten(Timer timer) {
    boolean set;
    synchronized (timers) {
      set = timer.set;
    }
    if (set) {
      set(timer, System.nanoTime());
    }
  }

  /** Takes a timer back; it may just run. */
  public void cancel(Timer timer) {
    synchronized (timers) {
      remove(timer);
    }
  }

  private void remove(Timer timer) {
    if (timer.set) {
      timers.remove(timer);
      timer.set = false;
    }
  }

  /** Watches a socket. On the loop's thread only. */
  SelectionKey register(SelectableChannel channel, int operations, Handler handler)
      throws IOException {
    return channel.register(selector, operations, handler);
  }

  /** For reading, on the loop's thread only. */
  ByteBuffer buffer() {
    return buffer;
  }

  /** Lets what was closed or is wanted of a key come into effect. */
  void wakeup() {
    selector.wakeup();
  }

  private void run() {
    try {
      while (!isClosed()) {
        turn();
      }
    } finally {
      end();
    }
  }

  private boolean isClosed() {
    synchronized (timers) {
      return closed;
    }
  }

  private void turn() {
    runTasks();
    runTimers();
    long millis = millisToSleep();
    try {
      if (millis > 0) {
        selector.select(this::ready, millis);
      } else {
        selector.selectNow(this::ready);
      }
    } catch (IOException e) {
      LOG.error("Cannot wait for the sockets of Modbus devices", e);
    }
    synchronized (timers) {
      sleeps = false;
    }
  }

  private void ready(SelectionKey key) {
    guarded(() -> ((Handler) key.attachment()).ready(key));
  }

  /** The thread serves every device: nothing that one of them does may end it. */
  private static void guarded(Runnable task) {
    try {
      task.run();
    } catch (Throwable e) {
      LOG.error("A Modbus connection failed in a way it does not declare", e);
    }
  }

  private void runTasks() {
    for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
      guarded(task);
    }
  }

  private void runTimers() {
    long now = System.nanoTime();
    for (Timer due = due(now); due != null; due = due(now)) {
      guarded(due.task);
    }
  }

  private @Nullable Timer due(long now) {
    synchronized (timers) {
      if (timers.isEmpty() || timers.first().at - now > 0) {
        return null;
      }
      Timer timer = timers.first();
      remove(timer);
      return timer;
    }
  }

  /** Rounded up, as a deadline that is not over is of no use. */
  private long millisToSleep() {
    synchronized (timers) {
      long now = System.nanoTime();
      long nanos =
          timers.isEmpty() ? TimeUnit.HOURS.toNanos(1) : Math.max(0, timers.first().at - now);
      sleeps = true;
      sleepsUntil = now + nanos;
      return tasks.isEmpty() ? TimeUnit.NANOSECONDS.toMillis(nanos + 999_999) : 0;
    }
  }

  /** Nobody waits in vain: what is left to be done finds everything closed. */
  private void end() {
    synchronized (timers) {
      ended = true;
    }
    runTasks();
    for (Timer timer = any(); timer != null; timer = any()) {
      guarded(timer.task);
    }
    try {
      selector.close();
    } catch (IOException e) {
      LOG.warn("Cannot close a selector", e);
    }
  }

  private @Nullable Timer any() {
    synchronized (timers) {
      Timer timer = timers.pollFirst();
      if (timer != null) {
        timer.set = false;
      }
      return timer;
    }
  }

  /** Ends the thread, after the owners of all sockets have closed them. */
  @Override
  public void close() {
    Thread running;
    synchronized (timers) {
      closed = true;
      running = thread;
    }
    selector.wakeup();
    if (running == null) {
      end();
    } else if (!Thread.currentThread().equals(running)) {
      try {
        running.join(JOIN_MILLIS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
