package io.snaprail.testkit;

import io.snaprail.api.driver.Deadline;
import io.snaprail.api.driver.DriverException;
import io.snaprail.api.driver.ReadPlan;
import io.snaprail.api.driver.ToolRun;
import io.snaprail.api.model.PointDefinition;
import io.snaprail.api.model.Sample;
import io.snaprail.api.model.Value;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Remembers what a tool does. The bus is free at once. Used by one thread. */
public final class RecordingRun implements ToolRun {
  private final List<List<String>> rows = new ArrayList<>();
  private final Map<String, String> files = new LinkedHashMap<>();
  private final List<String> buses = new ArrayList<>();
  private String progress = "";
  private int left = Integer.MAX_VALUE;
  private Points points = new Points(List.of(), List.of());

  /** Gives the tool these points as those of its settings. */
  public RecordingRun with(List<PointDefinition> definitions) {
    points = new Points(definitions, List.of());
    return this;
  }

  /** Is cancelled once the bus was used so many times. */
  public RecordingRun cancelledAfter(int uses) {
    left = uses;
    return this;
  }

  @Override
  public <T> T onBus(String bus, BusTask<T> task) throws DriverException, InterruptedException {
    if (cancelled()) {
      throw new InterruptedException("cancelled");
    }
    left--;
    buses.add(bus);
    return task.run();
  }

  @Override
  public Points points() {
    return points;
  }

  /** Raw values: scaling is the core's. */
  @Override
  public List<Sample> samples(List<PointDefinition> definitions, ReadPlan plan)
      throws DriverException {
    RecordingSink sink = new RecordingSink();
    plan.read(sink, Deadline.in(Duration.ofSeconds(10)));
    List<Sample> samples = new ArrayList<>();
    for (int i = 0; i < definitions.size(); i++) {
      samples.add(sample(definitions.get(i).name(), i, sink));
    }
    return samples;
  }

  private static Sample sample(String point, int index, RecordingSink sink) {
    Value value = sink.value(index);
    if (value != null) {
      return Sample.good(point, value, Instant.EPOCH);
    }
    String reason = sink.reason(index);
    return Sample.bad(point, reason == null ? "not delivered" : reason, Instant.EPOCH);
  }

  @Override
  public void row(List<String> cells) {
    rows.add(List.copyOf(cells));
  }

  @Override
  public void progress(int done, int of, String text) {
    progress = text;
  }

  @Override
  public void file(String name, String content) {
    files.put(name, content);
  }

  @Override
  public boolean cancelled() {
    return left <= 0;
  }

  /** Results so far. */
  public List<List<String>> rows() {
    return List.copyOf(rows);
  }

  /** Texts to keep so far, by name. */
  public Map<String, String> files() {
    return Map.copyOf(files);
  }

  /** The bus of each use, in their order. */
  public List<String> buses() {
    return List.copyOf(buses);
  }

  /** What was told last of how far it is. */
  public String progress() {
    return progress;
  }
}
