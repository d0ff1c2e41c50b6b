package io.snaprail.driver.serial.internal.tools;

import io.snaprail.api.driver.Tool;
import io.snaprail.api.driver.ToolRun;
import io.snaprail.api.model.Quality;
import io.snaprail.driver.serial.internal.framing.Escapes;
import io.snaprail.driver.serial.internal.line.Tap;
import io.snaprail.driver.serial.internal.sensor.Cutter;
import io.snaprail.driver.serial.internal.sensor.LineConfig;
import io.snaprail.driver.serial.internal.sensor.SensorConfig;
import java.io.ByteArrayOutputStream;
import java.time.Clock;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * Shows what comes and goes on a line: frame by frame where frames come, with the verdict on each,
 * and what is in none. Bytes of which that is not known yet are shown after a moment, without one.
 * When more comes than can be shown, the line does not wait: what is left out is counted.
 *
 * <p>Threads: the line's brings bytes, the tool's takes rows.
 */
final class Monitor implements Tap {
  static final List<String> COLUMNS =
      List.of("time (UTC)", "direction", "hex", "text", "quality", "reason");

  private static final int MAX_WAITING = 1_000;
  private static final int MAX_SHOWN = 256;
  private static final long PATIENCE_NANOS = TimeUnit.MILLISECONDS.toNanos(300);
  private static final long LOOK_MS = 100;
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("HH:mm:ss.SSS").withZone(ZoneOffset.UTC);
  private static final HexFormat HEX = HexFormat.ofDelimiter(" ").withUpperCase();

  private final Clock clock;
  private final boolean asked;
  private final BlockingQueue<List<String>> waiting = new ArrayBlockingQueue<>(MAX_WAITING);

  // All below is guarded by this.
  private final Cutter cutter;

  /** What has come and is not shown yet. */
  private final ByteArrayOutputStream unseen = new ByteArrayOutputStream();

  /** How many bytes of the piece that is under way are shown already. */
  private int seen;

  private long unseenNanos;
  private long left;
  private long heard;
  private long good;
  private long bad;

  /**
   * Hears nothing yet.
   *
   * @param asked whether the line is asked: behind what was sent a frame begins
   */
  Monitor(LineConfig line, SensorConfig config, boolean asked, Clock clock) {
    this.clock = clock;
    this.asked = asked;
    this.cutter = Cutter.of(line, config, this::piece);
    cutter.restart(false, System.nanoTime());
  }

  @Override
  public synchronized void bytes(boolean sent, byte[] bytes, int offset, int length) {
    long now = System.nanoTime();
    if (sent) {
      cutter.silence(now);
      if (asked) {
        cutter.restart(true, now);
      }
      show();
      rows("sent", Arrays.copyOfRange(bytes, offset, offset + length), "", "");
      return;
    }
    heard += length;
    cutter.silence(now);
    if (unseen.size() == 0) {
      unseenNanos = now;
    }
    unseen.write(bytes, offset, length);
    cutter.bytes(bytes, offset, length, now);
  }

  /** A piece is known: its bytes are the first of what is not shown, or shown already. */
  private void piece(Cutter.Piece piece) {
    int already = Math.min(seen, piece.bytes().length);
    seen -= already;
    byte[] all = unseen.toByteArray();
    int fresh = Math.min(piece.bytes().length - already, all.length);
    unseen.reset();
    unseen.write(all, fresh, all.length - fresh);
    unseenNanos = System.nanoTime();
    boolean frame = piece.frame() != null;
    good += frame ? 1 : 0;
    bad += frame ? 0 : 1;
    String verdict = already == 0 ? piece.verdict() : piece.verdict() + ", begun above";
    rows(
        "came",
        Arrays.copyOf(all, fresh),
        frame ? Quality.GOOD.name() : Quality.BAD.name(),
        verdict);
  }

  /** Shows what has come without knowing what it is. */
  private void show() {
    if (unseen.size() > 0) {
      byte[] all = unseen.toByteArray();
      unseen.reset();
      seen += all.length;
      rows("came", all, "", "");
    }
  }

  private synchronized void look() {
    long now = System.nanoTime();
    cutter.silence(now);
    if (unseen.size() > MAX_SHOWN || now - unseenNanos >= PATIENCE_NANOS) {
      show();
    }
  }

  private void rows(String direction, byte[] bytes, String quality, String reason) {
    String time = TIME.format(clock.instant());
    int at = 0;
    do {
      int end = Math.min(bytes.length, at + MAX_SHOWN);
      boolean last = end == bytes.length;
      byte[] piece = Arrays.copyOfRange(bytes, at, end);
      List<String> row =
          List.of(
              time,
              direction,
              HEX.formatHex(piece),
              Escapes.shown(piece),
              last ? quality : "",
              last ? reason : "");
      if (!waiting.offer(row)) {
        left += piece.length;
      }
      at = end;
    } while (at < bytes.length);
  }

  /** Hands rows on until the time is over or the run was cancelled. */
  void show(ToolRun run, long millis) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    long now = System.nanoTime();
    while (end - now > 0 && !run.cancelled()) {
      long wait = Math.min(end - now, TimeUnit.MILLISECONDS.toNanos(LOOK_MS));
      List<String> row = waiting.poll(wait, TimeUnit.NANOSECONDS);
      if (row != null) {
        run.row(row);
      }
      look();
      now = System.nanoTime();
    }
    rest(run);
  }

  private void rest(ToolRun run) {
    for (List<String> row = waiting.poll(); row != null; row = waiting.poll()) {
      run.row(row);
    }
    long lost = takeLeft();
    if (lost > 0) {
      run.row(List.of("", "", "", lost + " bytes are left out: too fast to show", "", ""));
    }
  }

  private synchronized long takeLeft() {
    long lost = left;
    left = 0;
    return lost;
  }

  /** What came so far, in words; empty when nothing has. */
  synchronized String told() {
    return heard == 0
        ? ""
        : counted(heard, "byte") + " came: " + counted(good, "good frame") + ", " + others();
  }

  private String others() {
    return bad == 0 ? "nothing else" : counted(bad, "piece") + " in none";
  }

  private static String counted(long count, String what) {
    return count + " " + what + (count == 1 ? "" : "s");
  }

  /** Shows all that has come. */
  synchronized void end() {
    cutter.silence(System.nanoTime());
    show();
  }

  static Tool.Parameter seconds(int initial, int most) {
    return Tool.Parameter.whole("seconds", "For so many seconds", initial, 1, most);
  }
}
