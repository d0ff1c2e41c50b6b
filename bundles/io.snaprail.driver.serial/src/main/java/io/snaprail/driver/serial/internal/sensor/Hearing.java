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
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What a device has said by itself: the last frames, of which its points are taken when they are
 * due. A frame is kept as long as no later one holds the same points.
 *
 * <p>Threads: the line's thread brings frames, the lane's thread takes values.
 */
final class Hearing implements Listener {
  /** Kinds of sentences that a device may send in turn: receivers for satellites send some 20. */
  private static final int MAX_KEPT = 64;

  /** A frame, and when its last byte came. */
  private record Heard(Frame frame, Instant time, long nanoTime) {}

  private final SensorSettings settings;
  private final Clock clock;
  private final Frames frames;

  /** The newest first. Guarded by this. */
  private final List<Heard> kept = new ArrayList<>();

  Hearing(SensorSettings settings, Counters counters, Clock clock) {
    this.settings = settings;
    this.clock = clock;
    this.frames = new Frames(settings, counters, this::heard);
  }

  private synchronized void heard(Frame frame) {
    kept.add(0, new Heard(frame, clock.instant(), System.nanoTime()));
    if (kept.size() > MAX_KEPT) {
      kept.remove(kept.size() - 1);
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
  public long wakeInNanos(long nanoTime) {
    return frames.wakeInNanos(nanoTime);
  }

  private synchronized List<Heard> kept() {
    return List.copyOf(kept);
  }

  /**
   * Delivers points of what was heard.
   *
   * @param trouble why nothing is heard now; empty when the line is read
   * @throws DriverException when the line is not read, or nothing has come for too long
   */
  void deliver(List<Points.Read> points, Sink sink, Supplier<String> trouble)
      throws DriverException {
    List<Heard> all = kept();
    String away = trouble.get();
    if (!away.isEmpty()) {
      throw DriverException.unreachable(away, null);
    }
    long now = System.nanoTime();
    boolean any = false;
    for (Points.Read point : points) {
      any |= deliver(point, all, now, sink);
    }
    if (!any && !settings.stale().isZero()) {
      throw DriverException.noAnswer(
          settings.serial().address()
              + ": "
              + (all.isEmpty() ? "no frame has come" : "no frame has come for " + age(all, now))
              + "; look at what comes with the monitor",
          null);
    }
  }

  private static String age(List<Heard> all, long now) {
    return Duration.ofNanos(now - all.get(0).nanoTime()).toSeconds() + " s";
  }

  private boolean deliver(Points.Read point, List<Heard> all, long now, Sink sink) {
    Heard heard = latest(point.reader(), all);
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

  private static @Nullable Heard latest(PointReader reader, List<Heard> all) {
    for (Heard heard : all) {
      try {
        if (reader.isIn(heard.frame())) {
          return heard;
        }
      } catch (BoundedText.RunawayPatternException e) {
        // Delivering it gives the same message to the point.
        return heard;
      }
    }
    return null;
  }
}
