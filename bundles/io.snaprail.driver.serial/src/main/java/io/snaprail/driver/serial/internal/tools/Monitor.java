package io.snaprail.driver.serial.internal.tools;

import io.snaprail.api.driver.Tool;
import io.snaprail.api.driver.ToolRun;
import io.snaprail.driver.serial.internal.framing.Escapes;
import io.snaprail.driver.serial.internal.line.Tap;
import java.time.Clock;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Shows what comes and goes on a line, in the pieces in which the system hands it over. When more
 * comes than can be shown, the line does not wait: what is left out is counted.
 */
final class Monitor implements Tap {
  static final List<String> COLUMNS = List.of("time (UTC)", "", "hex", "text");
  static final Tool.Parameter SECONDS =
      Tool.Parameter.whole("seconds", "For so many seconds", 5, 1, 600);

  private static final int MAX_WAITING = 1_000;
  private static final int MAX_SHOWN = 64;
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("HH:mm:ss.SSS").withZone(ZoneOffset.UTC);

  private final Clock clock;
  private final BlockingQueue<List<String>> waiting = new ArrayBlockingQueue<>(MAX_WAITING);
  private final AtomicLong left = new AtomicLong();
  private final AtomicLong heard = new AtomicLong();

  Monitor(Clock clock) {
    this.clock = clock;
  }

  @Override
  public void bytes(boolean sent, byte[] bytes, int offset, int length) {
    if (!sent) {
      heard.addAndGet(length);
    }
    for (int at = 0; at < length; at += MAX_SHOWN) {
      int from = offset + at;
      byte[] piece = Arrays.copyOfRange(bytes, from, from + Math.min(MAX_SHOWN, length - at));
      List<String> row =
          List.of(
              TIME.format(clock.instant()),
              sent ? "sent" : "came",
              HexFormat.ofDelimiter(" ").withUpperCase().formatHex(piece),
              Escapes.shown(piece));
      if (!waiting.offer(row)) {
        left.addAndGet(piece.length);
      }
    }
  }

  /** Bytes that have come. */
  long heard() {
    return heard.get();
  }

  /** Hands rows on until the time is over or the run was cancelled. */
  void show(ToolRun run, long millis) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    long now = System.nanoTime();
    while (end - now > 0 && !run.cancelled()) {
      long wait = Math.min(end - now, TimeUnit.MILLISECONDS.toNanos(200));
      List<String> row = waiting.poll(wait, TimeUnit.NANOSECONDS);
      if (row != null) {
        run.row(row);
      }
      now = System.nanoTime();
    }
    for (List<String> row = waiting.poll(); row != null; row = waiting.poll()) {
      run.row(row);
    }
    if (left.get() > 0) {
      run.row(List.of("", "", "", left.get() + " bytes are left out: they came too fast to show"));
    }
  }
}
