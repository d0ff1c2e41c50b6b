package io.snaprail.localiot.testing;

import io.snaprail.api.health.Problem;
import io.snaprail.api.health.ProblemBoard;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** A problem board to look at. */
public final class RecordingBoard implements ProblemBoard {
  private final Map<String, List<Problem>> problems = new ConcurrentHashMap<>();

  @Override
  public void report(String source, List<Problem> all) {
    problems.put(source, List.copyOf(all));
  }

  @Override
  public List<Entry> problems() {
    return problems.entrySet().stream()
        .flatMap(one -> one.getValue().stream().map(p -> new Entry(one.getKey(), p, Instant.EPOCH)))
        .toList();
  }

  /** Only the messages. */
  public List<String> messages() {
    return problems().stream().map(entry -> entry.problem().message()).toList();
  }
}
