package io.snaprail.driver.serial;

import io.snaprail.api.driver.DriverException;
import io.snaprail.api.driver.ReadPlan;
import io.snaprail.api.driver.ToolRun;
import io.snaprail.api.model.PointDefinition;
import io.snaprail.api.model.Sample;
import io.snaprail.core.internal.points.RegisterMap;
import io.snaprail.core.internal.poller.TrialRead;
import io.snaprail.testkit.RecordingRun;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;

/** A run with the core's own reading of points and its own scaling. */
final class TrialRun implements ToolRun {
  private final RecordingRun recorded = new RecordingRun();
  private final List<String> rows;
  private BooleanSupplier until = () -> false;

  TrialRun(List<String> rows) {
    this.rows = rows;
  }

  /** Is cancelled once this is so; asked by the tool's thread. */
  void until(BooleanSupplier condition) {
    until = condition;
  }

  @Override
  public <T> T onBus(String bus, BusTask<T> task) throws DriverException, InterruptedException {
    return recorded.onBus(bus, task);
  }

  @Override
  public Points points() {
    RegisterMap map = RegisterMap.inline(rows, "settings", "points");
    return new Points(map.points(), map.errors());
  }

  @Override
  public List<Sample> samples(List<PointDefinition> points, ReadPlan plan) throws DriverException {
    return points.isEmpty() ? List.of() : TrialRead.once(points, plan, Clock.systemUTC());
  }

  @Override
  public void row(List<String> cells) {
    recorded.row(cells);
  }

  @Override
  public void progress(int done, int of, String text) {
    recorded.progress(done, of, text);
  }

  @Override
  public void file(String name, String content) {
    recorded.file(name, content);
  }

  @Override
  public boolean cancelled() {
    return until.getAsBoolean();
  }

  String progress() {
    return recorded.progress();
  }

  List<String> buses() {
    return recorded.buses();
  }

  /** Each row without the hexadecimal digits, its cells with | between them. */
  List<String> rows() {
    return recorded.rows().stream()
        .map(row -> row.stream().limit(5).collect(Collectors.joining("|")))
        .toList();
  }

  /** What came of each point last: its value with its unit, or why it has none. */
  Map<String, String> values() {
    Map<String, String> values = new LinkedHashMap<>();
    recorded.rows().stream()
        .filter(row -> !row.get(1).isEmpty())
        .forEach(row -> values.put(row.get(1), row.get(2).isEmpty() ? row.get(4) : row.get(2)));
    return values;
  }
}
