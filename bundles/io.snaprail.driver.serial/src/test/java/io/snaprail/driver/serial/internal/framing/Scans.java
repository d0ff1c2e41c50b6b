package io.snaprail.driver.serial.internal.framing;

import io.snaprail.driver.serial.internal.checksum.Checksum;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A scanner with a clock that tests turn, and what it found. */
final class Scans implements FrameScanner.Receiver {
  static final Duration SILENCE = Duration.ofMillis(50);
  static final Duration PARTIAL = Duration.ofMillis(200);
  static final Duration RESYNC = Duration.ofSeconds(1);

  final List<String> frames = new ArrayList<>();
  final List<String> bad = new ArrayList<>();
  int skipped;
  private final FrameScanner scanner;
  private long now = 1_000_000_000L;

  Scans(FrameShape shape, @Nullable Checksum checksum, int longest) {
    scanner =
        new FrameScanner(
            shape, checksum, new FrameScanner.Limits(longest, SILENCE, PARTIAL, RESYNC), this);
    scanner.restart(true, now);
  }

  Scans(FrameShape shape) {
    this(shape, null, 64);
  }

  /** As a listener starts, who does not know what was before. */
  Scans unsynced() {
    scanner.restart(false, now);
    return this;
  }

  Scans say(String text) {
    byte[] bytes = Escapes.bytes("test", text);
    return say(bytes, 0, bytes.length);
  }

  Scans say(byte[] bytes, int from, int to) {
    scanner.bytes(bytes, from, to - from, now);
    return this;
  }

  Scans wait(Duration time) {
    now += time.toNanos();
    scanner.silence(now);
    return this;
  }

  /** Time passes without anybody looking at the clock. */
  Scans later(Duration time) {
    now += time.toNanos();
    return this;
  }

  /** Time passes in which nobody reads the line. */
  Scans busy(Duration time) {
    now += time.toNanos();
    scanner.deaf(time.toNanos());
    return this;
  }

  @Override
  public void frame(Frame frame) {
    frames.add(Escapes.shown(frame.content()));
  }

  @Override
  public void bad(String why) {
    bad.add(why);
  }

  @Override
  public void skipped(int bytes) {
    skipped += bytes;
  }
}
