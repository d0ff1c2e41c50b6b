package io.snaprail.core.internal.commissioning;

import io.snaprail.api.driver.Deadline;
import io.snaprail.api.driver.DriverException;
import io.snaprail.api.driver.ToolRun;
import io.snaprail.api.driver.TrialDevice;
import io.snaprail.api.model.PointDefinition;
import io.snaprail.api.model.Quality;
import io.snaprail.api.model.Sample;
import io.snaprail.api.model.Value;
import io.snaprail.core.internal.poller.PollGroups;
import io.snaprail.core.internal.poller.TrialRead;
import io.snaprail.core.internal.registry.TrialSettings;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads every point of a device once, as polling would, and tells what came of each. */
final class DeviceTest implements Job {
  /** Heads of its table. */
  static final List<String> COLUMNS =
      List.of("name", "address", "type", "value", "quality", "reason");

  private static final String NOT_READ = "can only be written, so it was not read";

  /** A driver may need a little longer than the deadline that it keeps to. */
  private static final Duration GRACE = Duration.ofSeconds(10);

  /** Between two reads of a device that sends by itself. */
  private static final Duration AGAIN = Duration.ofMillis(250);

  private final TrialDevice device;
  private final TrialSettings settings;
  private final Clock clock;

  /** Why points cannot be written, by name. */
  private final Map<String, String> unwritable = new HashMap<>();

  private final Map<String, Sample> read = new HashMap<>();

  /**
   * A test.
   *
   * @param device closed by the test
   */
  DeviceTest(TrialDevice device, TrialSettings settings, Clock clock) {
    this.device = device;
    this.settings = settings;
    this.clock = clock;
  }

  @Override
  public void run(ActiveRun run) throws DriverException, InterruptedException {
    try (device) {
      ToolRun.Points map = run.points();
      map.errors().forEach(e -> run.row(List.of("", "", "", "", Quality.BAD.name(), e)));
      List<PointDefinition> usable =
          PollGroups.writable(
              device, map.good(), (p, message) -> unwritable.putIfAbsent(p.name(), message));
      DriverException failure = readAll(run, usable);
      map.good().forEach(point -> tell(run, point));
      if (failure != null) {
        throw failure;
      }
      conclude(run, map);
    }
  }

  /** Why the device as a whole could not be read; null when it could. */
  private @Nullable DriverException readAll(ActiveRun run, List<PointDefinition> usable)
      throws InterruptedException {
    var groups =
        PollGroups.byPeriod(
            usable.stream().filter(p -> p.access().readable()).toList(), settings.period());
    DriverException failure = null;
    int done = 0;
    for (var group : groups.entrySet()) {
      run.progress(done++, groups.size(), "reading");
      TrialRead trial = new TrialRead(device, group.getValue(), group.getKey());
      TrialRead.Outcome outcome =
          failure == null && trial.readable()
              ? read(run, trial)
              : new TrialRead.Outcome(
                  trial.unread(failure == null ? "" : String.valueOf(failure.getMessage()), clock),
                  failure);
      failure = outcome.failure();
      outcome.samples().forEach(sample -> read.put(sample.point(), sample));
    }
    run.progress(done, groups.size(), "");
    return failure;
  }

  /** Reads again while points have no value and the device may still tell them by itself. */
  private TrialRead.Outcome read(ActiveRun run, TrialRead trial) throws InterruptedException {
    long end = System.nanoTime() + device.patience().toNanos();
    TrialRead.Outcome outcome = readOnce(run, trial);
    while (mayImprove(outcome) && end - System.nanoTime() > 0) {
      run.progress(0, 0, "listening");
      run.pause(AGAIN);
      outcome = readOnce(run, trial);
    }
    return outcome;
  }

  private static boolean mayImprove(TrialRead.Outcome outcome) {
    DriverException failure = outcome.failure();
    if (failure != null) {
      return failure.kind() == DriverException.Kind.TRANSIENT;
    }
    return outcome.samples().stream().anyMatch(sample -> sample.quality() != Quality.GOOD);
  }

  private TrialRead.Outcome readOnce(ActiveRun run, TrialRead trial) throws InterruptedException {
    Duration timeout = settings.timeout();
    try {
      return run.onBus(
          device.bus(),
          () -> trial.read(Deadline.in(timeout), clock),
          timeout.plus(GRACE).toNanos());
    } catch (DriverException e) {
      return new TrialRead.Outcome(trial.unread(String.valueOf(e.getMessage()), clock), e);
    }
  }

  private void tell(ActiveRun run, PointDefinition point) {
    Sample sample = read.get(point.name());
    String wrong = unwritable.get(point.name());
    if (wrong != null) {
      row(run, point, "", Quality.BAD.name(), wrong);
    } else if (sample == null) {
      row(run, point, "", "", point.access().readable() ? "" : NOT_READ);
    } else {
      run.sample(sample);
      row(
          run,
          point,
          shown(sample.value(), point.unit()),
          sample.quality().name(),
          sample.reason());
    }
  }

  private static String shown(@Nullable Value value, String unit) {
    if (value == null) {
      return "";
    }
    return unit.isEmpty() ? value.text() : value.text() + " " + unit;
  }

  private static void row(
      ActiveRun run, PointDefinition point, String value, String quality, String reason) {
    run.row(List.of(point.name(), point.address(), point.type(), value, quality, reason));
  }

  private void conclude(ActiveRun run, ToolRun.Points map) throws DriverException {
    if (map.good().isEmpty()) {
      throw DriverException.configuration(
          "there is no usable point; give the device a register map ('map') or rows in 'points'");
    }
    long good = read.values().stream().filter(s -> s.quality() == Quality.GOOD).count();
    long wrong = map.errors().size() + unwritable.size() + read.size() - good;
    run.progress(
        1,
        1,
        good + " points read" + (wrong == 0 ? "" : "; " + wrong + " rows need a look, see below"));
  }
}
