package io.snaprail.testkit.line;

import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a line carried since its figures were last reset. Measured at the line itself.
 *
 * @param frames that the master sent
 * @param illegalGaps how many of them came after a silence shorter than t3.5 (Modbus over Serial
 *     Line V1.02, section 2.5.1.1)
 * @param shortestGap shortest silence before a frame of the master; {@code null} before the second
 *     frame
 * @param span from the beginning of the first to the beginning of the last frame of the master
 * @param medianInterval between the beginnings of two frames of the master, of the last 4096; zero
 *     before the second
 * @param busy how long the line carried bytes
 * @param sent bytes that the master sent
 * @param answered bytes that the far end sent
 * @param flipped bytes that arrived with a wrong bit, as told
 * @param dropped bytes that did not arrive, as told
 * @param doubled bytes that arrived twice, as told
 * @param collisions times that both ends sent at once
 * @param overflows bytes or answers that the simulator had no room for: 0, or the test is of no
 *     worth
 * @param requests that the units of the simulator understood, broadcasts included
 * @param answers that its units gave
 * @param lies how many of the answers were lies
 * @param talked frames that the far end has sent by itself
 */
public record LineFigures(
    long frames,
    long illegalGaps,
    @Nullable Duration shortestGap,
    Duration span,
    Duration medianInterval,
    Duration busy,
    long sent,
    long answered,
    long flipped,
    long dropped,
    long doubled,
    long collisions,
    long overflows,
    long requests,
    long answers,
    long lies,
    long talked) {

  /** Frames of the master a second; 0 before the second one. */
  public double framesPerSecond() {
    return span.isZero() ? 0 : (frames - 1) * 1e9 / span.toNanos();
  }

  static LineFigures of(Map<String, Long> numbers) {
    long shortest = number(numbers, "shortest");
    return new LineFigures(
        number(numbers, "frames"),
        number(numbers, "illegal"),
        shortest == Long.MAX_VALUE ? null : Duration.ofNanos(shortest),
        Duration.ofNanos(number(numbers, "last") - number(numbers, "first")),
        Duration.ofNanos(number(numbers, "median")),
        Duration.ofNanos(number(numbers, "busy")),
        number(numbers, "sent"),
        number(numbers, "answered_bytes"),
        number(numbers, "flipped"),
        number(numbers, "dropped"),
        number(numbers, "doubled"),
        number(numbers, "collisions"),
        number(numbers, "overflows"),
        number(numbers, "requests"),
        number(numbers, "answered"),
        number(numbers, "lies"),
        number(numbers, "talked"));
  }

  private static long number(Map<String, Long> numbers, String key) {
    Long number = numbers.get(key);
    if (number == null) {
      throw new IllegalStateException("the line simulator told no " + key);
    }
    return number;
  }
}
