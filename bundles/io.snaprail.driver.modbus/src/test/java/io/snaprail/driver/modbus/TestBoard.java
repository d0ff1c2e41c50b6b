package io.snaprail.driver.modbus;

import io.snaprail.api.health.Problem;
import io.snaprail.api.health.ProblemBoard;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** A problem board that remembers what is on it. */
public final class TestBoard implements ProblemBoard {
  private final Map<String, List<Problem>> problems = new ConcurrentHashMap<>();
  private final AtomicInteger calls = new AtomicInteger();

  @Override
  public void report(String source, List<Problem> now) {
    calls.incrementAndGet();
    problems.put(source, List.copyOf(now));
  }

  @Override
  public List<Entry> problems() {
    throw new UnsupportedOperationException();
  }

  /** What is wrong according to one source. */
  public List<Problem> of(String source) {
    return problems.getOrDefault(source, List.of());
  }

  /** How often the board was told something. */
  public int calls() {
    return calls.get();
  }
}
