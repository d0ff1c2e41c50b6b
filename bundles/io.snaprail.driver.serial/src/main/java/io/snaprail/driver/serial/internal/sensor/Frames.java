package io.snaprail.driver.serial.internal.sensor;

import io.snaprail.driver.serial.internal.framing.BoundedText;
import io.snaprail.driver.serial.internal.framing.Escapes;
import io.snaprail.driver.serial.internal.framing.Frame;
import io.snaprail.driver.serial.internal.framing.FrameScanner;
import io.snaprail.driver.serial.internal.framing.FrameShape;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/** Cuts frames for one device, counts them, and hands on those that are the device's. */
final class Frames implements FrameScanner.Receiver {
  private static final int MAX_SHOWN = 120;
  private static final long LONGEST_BATCH_NANOS = 40_000_000;
  private static final int MOST_WAITING = 1_024;

  private final SensorSettings settings;
  private final Counters counters;
  private final Consumer<Frame> mine;
  private final FrameScanner scanner;

  /**
   * With nothing heard yet.
   *
   * @param mine takes the device's frames
   */
  Frames(SensorSettings settings, Counters counters, Consumer<Frame> mine) {
    this.settings = settings;
    this.counters = counters;
    this.mine = mine;
    this.scanner =
        new FrameScanner(settings.frames(), settings.checksum(), settings.limits(), this);
  }

  void restart(boolean fresh, long now) {
    scanner.restart(fresh, now);
  }

  void bytes(byte[] bytes, int offset, int length, long now) {
    try {
      scanner.bytes(bytes, offset, length, now);
    } catch (BoundedText.RunawayPatternException e) {
      runaway(e, now);
    }
  }

  void silence(long now) {
    try {
      scanner.silence(now);
    } catch (BoundedText.RunawayPatternException e) {
      runaway(e, now);
    }
  }

  /** What came is dropped: it would keep the expression busy again. */
  private void runaway(BoundedText.RunawayPatternException e, long now) {
    bad(String.valueOf(e.getMessage()));
    scanner.restart(false, now);
  }

  void deaf(long nanos) {
    scanner.deaf(nanos);
  }

  /**
   * Where silence ends a frame, it matters when each byte has come. Else they may wait for less
   * than a silence, and for a quarter of the 4 KiB that the system keeps.
   */
  long batchNanos() {
    if (settings.frames().sync() == FrameShape.Sync.SILENCE) {
      return 0;
    }
    long silence = settings.limits().silence().toNanos();
    long characters = MOST_WAITING * settings.serial().line().characterNanos();
    return Math.min(LONGEST_BATCH_NANOS, Math.min(characters, silence - silence / 5));
  }

  long wakeInNanos(long now) {
    return scanner.wakeInNanos(now);
  }

  @Override
  public void frame(Frame frame) {
    Pattern wanted = settings.mine();
    boolean taken =
        wanted == null
            || BoundedText.run(
                "frame.if", () -> wanted.matcher(new BoundedText(frame.text(), "frame.if")).find());
    if (!taken) {
      return;
    }
    counters.good.increment();
    String shown = Escapes.shown(frame.bytes());
    counters.lastFrame =
        shown.length() <= MAX_SHOWN ? shown : shown.substring(0, MAX_SHOWN) + "...";
    mine.accept(frame);
  }

  @Override
  public void bad(String why) {
    counters.bad.increment();
    counters.lastFault = why;
  }

  @Override
  public void skipped(int bytes) {
    counters.skipped.add(bytes);
  }
}
