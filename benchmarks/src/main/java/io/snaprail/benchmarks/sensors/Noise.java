package io.snaprail.benchmarks.sensors;

import io.snaprail.driver.serial.internal.checksum.Algorithm;
import io.snaprail.driver.serial.internal.checksum.Checksum;
import io.snaprail.driver.serial.internal.framing.Frame;
import io.snaprail.driver.serial.internal.framing.FrameScanner;
import io.snaprail.driver.serial.internal.framing.FrameShape;
import io.snaprail.driver.serial.internal.framing.Framing;
import io.snaprail.driver.serial.internal.line.LineUse;
import io.snaprail.driver.serial.internal.line.Listener;
import io.snaprail.driver.serial.internal.sensor.SensorConfig;
import io.snaprail.testkit.TypedConfig;
import io.snaprail.testkit.line.LineEnd;
import io.snaprail.testkit.line.LineFigures;
import io.snaprail.testkit.line.LineSimulator;
import io.snaprail.testkit.line.TalkedFrame;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;

/** Hears frames on a line with noise, and compares every one with what was sent. */
final class Noise implements Listener, FrameScanner.Receiver {
  private static final int BAUD = 921_600;
  private static final double EACH = 0.001;

  private final TalkedFrame form;
  private final FrameScanner scanner;
  private final Set<Integer> heard = new HashSet<>();
  private long good;
  private long wrong;
  private long bad;
  private long skipped;

  private Noise(TalkedFrame form) {
    this.form = form;
    SensorConfig config = TypedConfig.of(SensorConfig.class, SensorStack.settings(form));
    Checksum checksum =
        new Checksum(
            Algorithm.parse(config.checksum()),
            config.checksum_from(),
            config.checksum_to(),
            config.checksum_at(),
            Checksum.Form.parse("checksum.form", config.checksum_form()));
    this.scanner =
        new FrameScanner(
            shape(config),
            checksum,
            new FrameScanner.Limits(
                config.frame_max(),
                Duration.ofMillis(50),
                Duration.ofMillis(250),
                Duration.ofSeconds(1)),
            this);
  }

  private static FrameShape shape(SensorConfig config) {
    return Framing.shape(
        new Framing.Settings(
            config.frame(),
            config.frame_start(),
            config.frame_end(),
            "",
            0,
            "",
            0,
            0,
            new Framing.LengthField(1, 1, false, "", 0),
            "",
            config.frame_max()));
  }

  /** Sends frames over a line on which each kind of fault hits one byte of a thousand. */
  static void run(String form, String checksum, int frames) throws Exception {
    TalkedFrame frame = new TalkedFrame(form, 32, checksum);
    Noise noise = new Noise(frame);
    try (LineSimulator line = LineSimulator.start(BAUD);
        SensorStack stack = new SensorStack();
        LineUse use = stack.listen(line.port(), BAUD, noise)) {
      line.baud(BAUD, 10);
      line.coarse();
      line.seed(4);
      line.faults(LineEnd.FAR, EACH, EACH, EACH);
      SensorBenchmark.await(Duration.ofSeconds(10), () -> use.line().trouble().isEmpty());
      line.talk(frame, Duration.ZERO, frames);
      Duration most = Duration.ofSeconds(60 + frames / 500);
      SensorBenchmark.await(most, () -> line.figures().talked() == frames);
      SensorBenchmark.pause(Duration.ofSeconds(1));
      noise.print(line.figures(), line.hit(), frames);
    }
  }

  private synchronized void print(LineFigures figures, Set<Integer> hit, int frames) {
    int lost = 0;
    int longest = 0;
    int since = 0;
    for (int n = 0; n < frames; n++) {
      since = hit.contains(n) ? 0 : since + 1;
      if (since > 0 && !heard.contains(n)) {
        lost++;
        longest = Math.max(longest, since);
      }
    }
    System.out.printf(
        "  %-5s  %-12s  %7d  %6d  %6d  %5d  %6d  %7d  %12d  %10d%s%n",
        form.form(),
        form.checksum(),
        frames,
        hit.size(),
        good,
        wrong,
        bad,
        skipped,
        lost,
        longest,
        figures.overflows() > 0 ? "  INVALID: " + figures.overflows() + " overflows" : "");
  }

  @Override
  public void opened(long nanoTime) {
    scanner.restart(false, nanoTime);
  }

  @Override
  public long batchNanos() {
    return 10_000_000;
  }

  @Override
  public synchronized void bytes(byte[] bytes, int offset, int length, long nanoTime) {
    scanner.bytes(bytes, offset, length, nanoTime);
  }

  @Override
  public synchronized void silence(long nanoTime) {
    scanner.silence(nanoTime);
  }

  @Override
  public void deaf(long nanos) {
    scanner.deaf(nanos);
  }

  @Override
  public long wakeInNanos(long nanoTime) {
    return scanner.wakeInNanos(nanoTime);
  }

  @Override
  public void frame(Frame frame) {
    int number = form.number(frame.bytes());
    if (number < 0) {
      wrong++;
    } else {
      good++;
      heard.add(number);
    }
  }

  @Override
  public void bad(String why) {
    bad++;
  }

  @Override
  public void skipped(int bytes) {
    skipped += bytes;
  }
}
