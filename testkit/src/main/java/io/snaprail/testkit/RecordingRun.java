package io.snaprail.testkit;

import io.snaprail.api.driver.DriverException;
import io.snaprail.api.driver.ToolRun;
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
