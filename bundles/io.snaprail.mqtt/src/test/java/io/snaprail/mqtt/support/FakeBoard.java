package io.snaprail.mqtt.support;

import io.snaprail.api.health.Problem;
import io.snaprail.api.health.ProblemBoard;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A board that also remembers every report. */
public final class FakeBoard implements ProblemBoard {
  private final Map<String, List<Problem>> now = new TreeMap<>();
  private final List<String> history = new ArrayList<>();

  @Override
  public synchronized void report(String source, List<Problem> problems) {
    now.put(source, problems);
    history.add(source + " " + problems);
  }

  @Override
  public synchronized List<Entry> problems() {
    List<Entry> all = new ArrayList<>();
    now.forEach((source, some) -> some.forEach(p -> all.add(new Entry(source, p, Instant.EPOCH))));
    return all;
  }

  public synchronized List<Problem> of(String source) {
    return List.copyOf(now.getOrDefault(source, List.of()));
  }

  public synchronized List<String> history() {
    return List.copyOf(history);
  }
}
