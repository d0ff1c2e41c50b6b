package io.snaprail.mqtt.internal.encoding;

import io.snaprail.api.mqtt.TelemetryMessage;
import io.snaprail.api.uplink.Spool;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Steps of a clock that was set, such as when NTP corrects one that was an hour off: what waits in
 * the spool since before has the times of the clock that was, and says so when it is sent, with
 * {@code "clockMoved":-3600000} at its start: the ms by which the clock has been moved since. Which
 * of the two was right nobody here can know, so times are not changed. What an earlier run of the
 * gateway, or of the uplink, has left is not marked. Safe for any thread.
 */
public final class ClockSteps {
  private static final int MOST = 16;

  private final boolean marks;
  private volatile List<Step> steps = List.of();
  private volatile long first = Long.MAX_VALUE;
  private volatile long last;
  private int count;

  /** A step, after which entries came behind the given one. */
  private record Step(long last, Duration by) {}

  /** With or without marks: {@link Encodings#takesMarks}. */
  public ClockSteps(boolean marks) {
    this.marks = marks;
  }

  /** An entry has gone into the spool. */
  public void appended(long id) {
    if (first == Long.MAX_VALUE) {
      first = id;
    }
    last = id;
  }

  /** The clock was moved. */
  synchronized void stepped(Duration by) {
    List<Step> all = new ArrayList<>(steps);
    if (all.size() == MOST) {
      // The two oldest become one, for what is older than both.
      Step oldest = all.remove(0);
      Step next = all.remove(0);
      all.add(0, new Step(oldest.last(), oldest.by().plus(next.by())));
    }
    all.add(new Step(last, by));
    count++;
    steps = List.copyOf(all);
  }

  /** How often the clock was moved. */
  public synchronized long count() {
    return count;
  }

  /** By how much it was moved last; zero when it was not. */
  public Duration lastStep() {
    List<Step> all = steps;
    return all.isEmpty() ? Duration.ZERO : all.get(all.size() - 1).by();
  }

  /** What is sent for an entry, with the mark where it needs one. */
  public List<TelemetryMessage> mark(Spool.Entry entry, List<TelemetryMessage> sent) {
    List<Step> all = steps;
    if (all.isEmpty() || !marks || entry.id() < first || RawBatch.is(entry.payload())) {
      return sent;
    }
    Duration moved = Duration.ZERO;
    for (Step step : all) {
      moved = entry.id() <= step.last() ? moved.plus(step.by()) : moved;
    }
    if (moved.abs().compareTo(WallTime.STEP) <= 0) {
      return sent;
    }
    String mark = "{\"clockMoved\":" + moved.toMillis() + ",";
    return sent.stream().map(each -> marked(each, mark)).toList();
  }

  private static TelemetryMessage marked(TelemetryMessage message, String mark) {
    return new TelemetryMessage(
        message.topic(),
        Replayed.inserted(mark.getBytes(StandardCharsets.UTF_8), message.payload()),
        message.qos(),
        message.retained());
  }
}
