package io.snaprail.driver.serial.internal.sensor;

import io.snaprail.api.driver.DriverException;
import io.snaprail.api.driver.Sink;
import io.snaprail.driver.serial.internal.extract.PointReader;
import io.snaprail.driver.serial.internal.framing.BoundedText;
import io.snaprail.driver.serial.internal.framing.Frame;
import io.snaprail.driver.serial.internal.line.Listener;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What a device has said by itself: the last frame that holds each point, of which it is taken when
 * it is due. Of frames that no point is known for yet the last ones are kept.
 *
 * <p>Threads: the line's thread brings frames, the lane's thread takes values.
 */
final class Hearing implements Listener {
  /** So that points which are asked for first behind a frame find it. */
  private static final int MAX_KEPT = 64;

  /** A frame, and when its last byte came. */
  private record Heard(Frame frame, Instant time, long nanoTime) {}

  /** The last frame that holds points with the same condition; null before the first. */
  private record Last(PointReader reader, @Nullable Heard heard) {}

  private final SensorSettings settings;
  private final Clock clock;
  private final Frames frames;

  /** The newest first. Guarded by this. */
  private final Deque<Heard> kept = new ArrayDeque<>();

  /** By the conditions of points; the last frame that meets each. Guarded by this. */
  private final Map<String, Last> lasts = new HashMap<>();

  Hearing(SensorSettings settings, Counters counters, Clock clock) {
    this.settings = settings;
    this.clock = clock;
    this.frames = new Frames(settings, counters, this::heard);
  }

  /**
   * Keeps from now on the last frame that holds each of these points.
   *
   * @param points all that are read; those of earlier calls stay
   */
  synchronized void watch(List<Points.Read> points) {
    for (Points.Read point : points) {
      PointReader reader = point.reader();
      lasts.computeIfAbsent(
          reader.condition(),
          condition ->
              new Last(
                  reader,
                  kept.stream().filter(h -> isIn(reader, h.frame())).findFirst().orElse(null)));
    }
  }

  private void heard(Frame frame) {
    Heard heard = new Heard(frame, clock.instant(), System.nanoTime());
    synchronized (this) {
      kept.addFirst(heard);
      if (kept.size() > MAX_KEPT) {
        kept.removeLast();
      }
      lasts.replaceAll(
          (condition, last) -> isIn(last.reader(), frame) ? new Last(last.reader(), heard) : last);
    }
  }

  /** Delivering it gives the message of an expression that runs away to the point. */
  private static boolean isIn(PointReader reader, Frame frame) {
    try {
      return reader.isIn(frame);
    } catch (BoundedText.RunawayPatternException e) {
      return true;
    }
  }

  @Override
  public void opened(long nanoTime) {
    frames.restart(false, nanoTime);
  }

  @Override
  public void bytes(byte[] bytes, int offset, int length, long nanoTime) {
    frames.bytes(bytes, offset, length, nanoTime);
  }

  @Override
  public void silence(long nanoTime) {
    frames.silence(nanoTime);
  }

  @Override
  public void deaf(long nanos) {
    frames.deaf(nanos);
  }

  @Override
  public long batchNanos() {
    return frames.batchNanos();
  }

  @Override
  public long wakeInNanos(long nanoTime) {
    return frames.wakeInNanos(nanoTime);
  }

  private synchronized @Nullable Heard newest() {
    return kept.peekFirst();
  }

  private synchronized @Nullable Heard last(PointReader reader) {
    Last last = lasts.get(reader.condition());
    return last == null ? null : last.heard();
  }

  /**
   * Delivers points of what was heard.
   *
   * @param trouble why nothing is heard now; empty when the line is read
   * @throws DriverException when the line is not read, or nothing has come for too long
   */
  void deliver(List<Points.Read> points, Sink sink, Supplier<String> trouble)
      throws DriverException {
    Heard newest = newest();
    String away = trouble.get();
    if (!away.isEmpty()) {
      throw DriverException.unreachable(away, null);
    }
    long now = System.nanoTime();
    boolean any = false;
    for (Points.Read point : points) {
      any |= deliver(point, now, sink);
    }
    if (!any && !settings.stale().isZero()) {
      throw DriverException.noAnswer(
          settings.serial().address()
              + ": "
              + (newest == null ? "no frame has come" : "no frame has come for " + age(newest, now))
              + "; look at what comes with the monitor",
          null);
    }
  }

  private static String age(Heard newest, long now) {
    return Duration.ofNanos(now - newest.nanoTime()).toSeconds() + " s";
  }

  private boolean deliver(Points.Read point, long now, Sink sink) {
    Heard heard = last(point.reader());
    if (heard == null) {
      sink.bad(point.index(), "no frame with this point has come yet");
      return false;
    }
    Duration age = Duration.ofNanos(now - heard.nanoTime());
    if (!settings.stale().isZero() && age.compareTo(settings.stale()) > 0) {
      sink.bad(
          point.index(),
          "the last frame with this point came more than "
              + settings.stale().toMillis()
              + " ms ago (stale.ms)");
      return false;
    }
    point.reader().deliver(heard.frame(), point.index(), sink);
    sink.sourceTime(point.index(), heard.time());
    return true;
  }
}
