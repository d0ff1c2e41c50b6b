package io.snaprail.localiot.internal.limits;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * Logs what clients do wrong, each kind at most once a minute with the number of repeats, so that a
 * client that retries for ever cannot fill the disk. Safe for any thread.
 */
public final class LimitedLog {
  /** Time between two lines of one kind. */
  static final Duration PERIOD = Duration.ofMinutes(1);

  private static final int KINDS = 128;

  /** What a client sends may be in a line, so that it is cut and cannot make lines of its own. */
  private static final int LONGEST = 400;

  private final Logger log;
  private final LongSupplier nanoTime;
  private final Map<String, Kind> kinds = new LinkedHashMap<>();

  /** Measures time by {@link System#nanoTime}. */
  public LimitedLog(Logger log) {
    this(log, System::nanoTime);
  }

  LimitedLog(Logger log, LongSupplier nanoTime) {
    this.log = log;
    this.nanoTime = nanoTime;
  }

  /**
   * Logs a warning, or counts it.
   *
   * @param kind what makes two messages the same
   * @param message the line
   */
  public void warn(String kind, String message) {
    String line = admit(kind, message);
    if (line != null) {
      log.warn(harmless(line));
    }
  }

  private static String harmless(String line) {
    String cut = line.length() <= LONGEST ? line : line.substring(0, LONGEST) + "...";
    StringBuilder text = new StringBuilder(cut.length());
    cut.chars()
        .forEach(
            c -> {
              if (Character.isISOControl(c) || Character.getType(c) == Character.FORMAT) {
                text.append(String.format("\\u%04x", c));
              } else {
                text.append((char) c);
              }
            });
    return text.toString();
  }

  private synchronized @Nullable String admit(String kind, String message) {
    long now = nanoTime.getAsLong();
    Kind known = kinds.get(kind);
    if (known != null && now - known.loggedAt < PERIOD.toNanos()) {
      known.suppressed++;
      return null;
    }
    long suppressed = known == null ? 0 : known.suppressed;
    kinds.remove(kind);
    kinds.put(kind, new Kind(now));
    if (kinds.size() > KINDS) {
      kinds.remove(kinds.keySet().iterator().next());
    }
    return suppressed == 0 ? message : message + " (and " + suppressed + " times before)";
  }

  private static final class Kind {
    final long loggedAt;
    long suppressed;

    Kind(long loggedAt) {
      this.loggedAt = loggedAt;
    }
  }
}
