package io.snaprail.core.internal.commissioning;

import io.snaprail.api.driver.DriverException;
import io.snaprail.api.driver.ReadPlan;
import io.snaprail.api.driver.ToolRun;
import io.snaprail.api.model.PointDefinition;
import io.snaprail.api.model.Sample;
import io.snaprail.api.runtime.Commissioning.Run;
import io.snaprail.api.runtime.Commissioning.Run.State;
import io.snaprail.core.internal.points.RegisterMap;
import io.snaprail.core.internal.poller.TrialRead;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A run and what it has found so far. What it finds after it was ended is dropped. Safe for any
 * thread; {@link ToolRun}'s methods are for the thread of the run.
 */
final class ActiveRun implements ToolRun {
  static final int MAX_ROWS = 10_000;
  private static final int MAX_FILES = 20;
  private static final int MAX_FILE_CHARS = 4 << 20;

  /** Newest rows of a live tool that are kept. */
  static final int MAX_LIVE_ROWS = 2_000;

  /** After so long without anybody looking the page of a live tool must be closed. */
  private static final Duration UNSEEN = Duration.ofSeconds(60);

  private final Shape shape;
  private final Supplier<RegisterMap> points;
  private final BusQueue buses;
  private final Trail trail;
  private final Clock clock;

  /** Used by the thread of the run only. */
  private final Set<String> told = new HashSet<>();

  private final CountDownLatch over = new CountDownLatch(1);

  // All below is guarded by this.
  private final Deque<List<String>> rows = new ArrayDeque<>();
  private long firstRow;
  private final Map<String, String> files = new LinkedHashMap<>();
  private final List<Sample> samples = new ArrayList<>();
  private State state = State.RUNNING;
  private String message = "";
  private int done;
  private int of;
  private long dropped;
  private long endedNanos;
  private long seenNanos = System.nanoTime();

  /** Null while the thread must not be interrupted: an interrupt would close the audit log. */
  private @Nullable Thread interruptible;

  /**
   * What it gives.
   *
   * @param columns heads of its table
   * @param live see {@link io.snaprail.api.driver.Tool#live}
   * @param unseen after so long without anybody looking a live one ends
   */
  record Shape(String title, List<String> columns, boolean live, Duration unseen) {
    Shape(String title, List<String> columns, boolean live) {
      this(title, columns, live, UNSEEN);
    }
  }

  /**
   * A run that begins.
   *
   * @param points of the settings; throws an {@link IllegalArgumentException} when they are wrong
   */
  ActiveRun(Shape shape, Supplier<RegisterMap> points, BusQueue buses, Trail trail, Clock clock) {
    this.shape = shape;
    this.points = points;
    this.buses = buses;
    this.trail = trail;
    this.clock = clock;
  }

  String id() {
    return trail.id();
  }

  Trail trail() {
    return trail;
  }

  /** The calling thread may be interrupted by {@link #end} from now on. */
  synchronized void begin() throws InterruptedException {
    if (state != State.RUNNING) {
      throw new InterruptedException("ended");
    }
    interruptible = Thread.currentThread();
  }

  /** No interrupt comes any more, and one that has come is forgotten. */
  synchronized void leave() {
    interruptible = null;
    Thread.interrupted();
  }

  /**
   * Ends it, if it has not ended, and interrupts its thread unless that is the caller.
   *
   * @param why empty to leave the message as it is
   */
  synchronized void end(State how, String why) {
    if (state != State.RUNNING) {
      return;
    }
    state = how;
    over.countDown();
    endedNanos = System.nanoTime();
    message = why.isEmpty() ? message : why;
    if (dropped > 0) {
      message += (message.isEmpty() ? "" : "; ") + "the last " + dropped + " rows are left out";
    }
    if (interruptible != null && interruptible != Thread.currentThread()) {
      interruptible.interrupt();
    }
  }

  /** Whether it ended so long ago. */
  synchronized boolean endedBefore(long nanos) {
    return state != State.RUNNING && System.nanoTime() - endedNanos >= nanos;
  }

  synchronized boolean going() {
    return state == State.RUNNING;
  }

  /** As it is now. */
  synchronized Run snapshot() {
    return new Run(
        id(),
        shape.title,
        state,
        message,
        done,
        of,
        shape.columns,
        firstRow,
        List.copyOf(rows),
        files,
        samples);
  }

  @Override
  public <T> T onBus(String bus, BusTask<T> task) throws DriverException, InterruptedException {
    return onBus(bus, task, BusQueue.USUAL_TASK_NANOS);
  }

  /** The same for a task that takes at most so long. */
  <T> T onBus(String bus, BusTask<T> task, long longestNanos)
      throws DriverException, InterruptedException {
    begin();
    if (!told.contains(bus)) {
      tell(bus);
    }
    return buses.run(bus, task, longestNanos);
  }

  /** Nothing reaches a bus that the audit log does not name. */
  private void tell(String bus) throws DriverException, InterruptedException {
    leave();
    String unaudited = trail.record(Trail.ATTEMPT, "bus", bus);
    if (unaudited != null) {
      throw DriverException.security(unaudited, null);
    }
    told.add(bus);
    begin();
  }

  /**
   * Lets time pass.
   *
   * @throws InterruptedException when it was ended meanwhile
   */
  void pause(Duration time) throws InterruptedException {
    if (over.await(time.toNanos(), TimeUnit.NANOSECONDS)) {
      throw new InterruptedException("ended");
    }
  }

  @Override
  public synchronized void row(List<String> cells) {
    int expected = shape.columns.size();
    if (cells.size() != expected) {
      throw new IllegalArgumentException(
          "a row of " + cells.size() + " cells, expected " + expected);
    }
    if (state == State.RUNNING && shape.live && rows.size() >= MAX_LIVE_ROWS) {
      rows.removeFirst();
      firstRow++;
    }
    if (state == State.RUNNING && rows.size() < MAX_ROWS) {
      rows.add(List.copyOf(cells));
    } else if (state == State.RUNNING) {
      dropped++;
    }
  }

  /** A sample that a test has read. */
  synchronized void sample(Sample sample) {
    if (state == State.RUNNING && samples.size() < MAX_ROWS) {
      samples.add(sample);
    }
  }

  @Override
  public synchronized void progress(int done, int of, String text) {
    if (state == State.RUNNING) {
      this.done = done;
      this.of = of;
      message = text;
    }
  }

  @Override
  public synchronized void file(String name, String content) {
    int chars = files.values().stream().mapToInt(String::length).sum() + content.length();
    if (files.size() >= MAX_FILES || chars > MAX_FILE_CHARS) {
      throw new IllegalArgumentException(
          "file '"
              + name
              + "': expected at most "
              + MAX_FILES
              + " files of together "
              + MAX_FILE_CHARS
              + " characters");
    }
    if (state == State.RUNNING) {
      files.put(name, content);
    }
  }

  @Override
  public Points points() {
    RegisterMap map = points.get();
    return new Points(map.points(), map.errors());
  }

  @Override
  public List<Sample> samples(List<PointDefinition> points, ReadPlan plan) throws DriverException {
    return points.isEmpty() ? List.of() : TrialRead.once(points, plan, clock);
  }

  @Override
  public synchronized boolean cancelled() {
    if (shape.live && System.nanoTime() - seenNanos >= shape.unseen.toNanos()) {
      end(State.CANCELLED, "nobody looks at it any more");
    }
    return state != State.RUNNING;
  }

  /** Somebody looks at it. */
  synchronized Run seen() {
    seenNanos = System.nanoTime();
    return snapshot();
  }
}
