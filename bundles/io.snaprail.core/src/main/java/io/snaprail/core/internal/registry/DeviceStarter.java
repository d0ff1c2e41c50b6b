package io.snaprail.core.internal.registry;

import io.snaprail.api.health.ProblemBoard;
import io.snaprail.api.model.PointDefinition;
import io.snaprail.api.model.SampleBatch;
import io.snaprail.core.internal.points.RegisterMap;
import io.snaprail.core.internal.poller.PollGroups;
import io.snaprail.core.internal.poller.PolledDevice;
import io.snaprail.core.internal.poller.Poller;
import io.snaprail.core.internal.samples.Dispatcher;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts a device that is there on its bus: with the points of its map, and with what is to become of
 * its samples. Used by one thread at a time.
 */
final class DeviceStarter {
  private static final Logger LOG = LoggerFactory.getLogger(DeviceStarter.class);

  /** Errors of one device that are shown; a wrong column gives one for each row of its map. */
  private static final int MAX_ERRORS = 20;

  private final Maps maps;
  private final Poller poller;
  private final Dispatcher dispatcher;
  private final ProblemBoard board;

  /** Numbers of the last cycles, kept while a device is replaced. */
  private final Map<String, AtomicLong> sequences = new HashMap<>();

  DeviceStarter(Maps maps, Poller poller, Dispatcher dispatcher, ProblemBoard board) {
    this.maps = maps;
    this.poller = poller;
    this.dispatcher = dispatcher;
    this.board = board;
  }

  /** Starts to poll a device, if it can be; what is wrong with it, for people. */
  List<String> start(ManagedDevice managed) {
    List<String> errors = new ArrayList<>();
    managed.settings().errors().forEach(e -> errors.add(managed.shown() + ": " + e));
    if (errors.isEmpty() && managed.settings().enabled()) {
      try {
        place(managed, errors);
      } catch (RuntimeException | LinkageError e) {
        LOG.error("Device {}: its driver failed", managed.name(), e);
        errors.add(managed.shown() + ": its driver " + managed.driver() + " failed: " + e);
      }
    }
    return shortened(errors);
  }

  private static List<String> shortened(List<String> errors) {
    if (errors.size() <= MAX_ERRORS) {
      return errors;
    }
    List<String> first = new ArrayList<>(errors.subList(0, MAX_ERRORS));
    first.add("and " + (errors.size() - MAX_ERRORS) + " more like these");
    return first;
  }

  private void place(ManagedDevice managed, List<String> errors) {
    DeviceSettings settings = managed.settings();
    try {
      LOG.debug("Device {} is on {}", settings.name(), managed.device().bus());
    } catch (IllegalArgumentException e) {
      errors.add(managed.shown() + ": " + e.getMessage());
      return;
    }
    RegisterMap map = maps.load(settings, managed.shown());
    errors.addAll(map.errors());
    List<PointDefinition> points = PollGroups.writable(managed.device(), map.points(), errors);
    List<PointDefinition> readable = points.stream().filter(p -> p.access().readable()).toList();
    Map<Duration, List<PointDefinition>> groups = PollGroups.byPeriod(readable, settings.period());
    managed.points(points, groups.values());
    if (points.isEmpty()) {
      if (errors.isEmpty()) {
        errors.add(
            managed.shown()
                + ": the device has no usable point; give it a register map ('map') or rows in"
                + " 'points'");
      }
      return;
    }
    AtomicLong sequence = sequences.computeIfAbsent(settings.name(), n -> new AtomicLong());
    var polled =
        new PolledDevice.Settings(
            settings.name(),
            settings.timeout(),
            settings.backoffMin(),
            settings.backoffMax(),
            settings.readBack(),
            sequence);
    managed.place(poller.add(managed.device(), polled, groups, new Events(managed), errors::add));
    LOG.info(
        "Device {} on {}: {} points, {} ms",
        settings.name(),
        managed.device().bus(),
        points.size(),
        settings.period().toMillis());
  }

  /** What the poller tells of one device. */
  private final class Events implements PolledDevice.Events {
    private final ManagedDevice managed;

    Events(ManagedDevice managed) {
      this.managed = managed;
    }

    @Override
    public void batch(int group, SampleBatch batch) {
      managed.current(group, batch);
      dispatcher.dispatch(batch);
    }

    @Override
    public void state(boolean online, String message) {
      // A cycle that ends after its device was retired must not leave a problem behind.
      managed.unlessRetired(
          () ->
              board.report(
                  managed.awaySource(), online ? List.of() : List.of(managed.error(message))));
    }
  }
}
