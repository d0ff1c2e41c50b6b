package io.snaprail.driver.serial.internal.sensor;

import io.snaprail.api.driver.Deadline;
import io.snaprail.api.driver.Device.PointErrors;
import io.snaprail.api.driver.DeviceProperties;
import io.snaprail.api.driver.DriverException;
import io.snaprail.api.driver.Inspection;
import io.snaprail.api.driver.ReadPlan;
import io.snaprail.api.driver.Sink;
import io.snaprail.api.health.MetricSource.Collector;
import io.snaprail.api.model.PointDefinition;
import io.snaprail.api.model.Value;
import io.snaprail.driver.serial.internal.checksum.Checksum;
import io.snaprail.driver.serial.internal.line.LineSpec;
import io.snaprail.driver.serial.internal.line.LineUse;
import io.snaprail.driver.serial.internal.line.SerialLine;
import io.snaprail.driver.serial.internal.line.SerialLines;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** One sensor: asks, or listens when nothing is ever asked of it. */
public final class Sensor implements AutoCloseable {

  private final String name;
  private final SensorSettings settings;
  private final Counters counters = new Counters();
  private final Points points;
  private final Hearing hearing;
  private final LineUse use;
  private final Asker asker;

  private Sensor(String name, SensorSettings settings, SerialLines lines, Clock clock) {
    this.name = name;
    this.settings = settings;
    this.points = new Points(settings);
    this.hearing = new Hearing(settings, counters, clock);
    this.use =
        lines.join(
            new LineSpec(name, settings.serial(), settings.listens(), settings.init()),
            settings.listens() ? hearing : null);
    this.asker = new Asker(settings, counters, use);
  }

  /**
   * A sensor that takes part in its line from now on. Opens nothing.
   *
   * @throws IllegalArgumentException when a setting is wrong: key, expected and found
   */
  public static Sensor of(
      LineConfig line, SensorConfig config, String name, SerialLines lines, Clock clock) {
    return new Sensor(name, SensorSettings.of(line, config), lines, clock);
  }

  /** The name of a device, as the core gives it. */
  public static String name(Map<String, Object> properties) {
    Object name = properties.get(DeviceProperties.NAME);
    if (name instanceof String text && !text.isBlank()) {
      return text;
    }
    String pid = String.valueOf(properties.get("service.pid"));
    return pid.substring(pid.indexOf('~') + 1);
  }

  /** See {@link io.snaprail.api.driver.Device#bus()}. */
  public String bus() {
    return "serial:" + settings.serial().address();
  }

  /** See {@link io.snaprail.api.driver.Device#compile}. */
  public ReadPlan compile(List<PointDefinition> definitions, PointErrors errors) {
    List<Points.Read> reads = new ArrayList<>();
    for (int i = 0; i < definitions.size(); i++) {
      try {
        reads.add(points.read(i, definitions.get(i)));
      } catch (IllegalArgumentException e) {
        errors.add(i, String.valueOf(e.getMessage()));
      }
    }
    if (settings.listens()) {
      hearing.watch(reads);
      return (sink, deadline) -> hearing.deliver(reads, sink, use.line()::trouble);
    }
    Map<String, List<Points.Read>> groups = new LinkedHashMap<>();
    reads.forEach(r -> groups.computeIfAbsent(r.request(), g -> new ArrayList<>()).add(r));
    return (sink, deadline) -> ask(groups, sink, deadline);
  }

  private void ask(Map<String, List<Points.Read>> groups, Sink sink, Deadline deadline)
      throws DriverException {
    DriverException first = null;
    boolean answered = false;
    for (Map.Entry<String, List<Points.Read>> group : groups.entrySet()) {
      try {
        asker.ask(points.bytes(group.getKey()), group.getValue(), sink, deadline);
        answered = true;
      } catch (DriverException e) {
        first = first == null ? e : first;
        group.getValue().forEach(p -> sink.bad(p.index(), String.valueOf(e.getMessage())));
        if (!answered && !e.sent()) {
          // The port is not there: the next request would find the same.
          throw e;
        }
      }
    }
    if (!answered && first != null) {
      throw first;
    }
  }

  /** See {@link io.snaprail.api.driver.Device#checkWritable}. */
  public void checkWritable(List<PointDefinition> definitions, PointErrors errors) {
    for (int i = 0; i < definitions.size(); i++) {
      try {
        points.command(definitions.get(i));
      } catch (IllegalArgumentException e) {
        errors.add(i, String.valueOf(e.getMessage()));
      }
    }
  }

  /** See {@link io.snaprail.api.driver.Device#write}. */
  public void write(PointDefinition point, Value raw, Deadline deadline) throws DriverException {
    byte[] command;
    try {
      command = points.command(point).bytes(settings.asking().unit(), raw);
    } catch (IllegalArgumentException e) {
      throw DriverException.configuration("point '" + point.name() + "': " + e.getMessage());
    }
    asker.command(command, deadline);
  }

  /** See {@link io.snaprail.api.driver.Inspectable#inspect()}. */
  public Inspection inspect() {
    List<Inspection.Fact> facts = new ArrayList<>();
    facts.add(new Inspection.Fact("Port", settings.serial().address().toString()));
    facts.add(new Inspection.Fact("Line", settings.serial().line().toString()));
    facts.add(
        new Inspection.Fact("Mode", settings.listens() ? "it sends by itself" : "it is asked"));
    facts.add(new Inspection.Fact("Checksum", checksum()));
    facts.add(new Inspection.Fact("Last good frame", counters.lastFrame));
    facts.add(new Inspection.Fact("Last bad frame", counters.lastFault));
    List<Inspection.Figure> figures = new ArrayList<>();
    all()
        .forEach(
            (key, count) ->
                figures.add(
                    new Inspection.Figure(key, key.replace('_', ' '), (double) count.sum(), "")));
    return new Inspection(facts, figures, List.of());
  }

  /** Which checksum there is, and how far it can be trusted. */
  private String checksum() {
    Checksum checksum = settings.checksum();
    if (checksum == null) {
      return "none: a damaged frame is not recognised unless its form is broken";
    }
    String code = checksum.algorithm().code();
    return checksum.weak()
        ? code + ": weak, about one of 256 damaged frames is taken for a good one"
        : code;
  }

  private Map<String, LongAdder> all() {
    Map<String, LongAdder> all = new LinkedHashMap<>();
    all.put("frames_good", counters.good);
    all.put("frames_bad", counters.bad);
    all.put("bytes_skipped", counters.skipped);
    all.put("requests", counters.requests);
    all.put("timeouts", counters.timeouts);
    all.put("commands", counters.commands);
    return all;
  }

  /** See {@link io.snaprail.api.health.MetricSource#collect}. */
  public void collect(Collector collector) {
    all()
        .forEach(
            (key, count) ->
                collector.counter(
                    "snaprail_serial_" + key + "_total",
                    "Frames, bytes and requests of a serial sensor: " + key.replace('_', ' '),
                    (double) count.sum(),
                    "device",
                    name,
                    "port",
                    settings.serial().address().toString()));
  }

  /** The line that it is on. */
  public SerialLine line() {
    return use.line();
  }

  /**
   * The bytes of a request as people write it.
   *
   * @throws IllegalArgumentException when it is none: expected and found
   */
  public byte[] request(String text) {
    return points.bytes(text);
  }

  /** Leaves the line, and ends a call that is under way. */
  @Override
  public void close() {
    use.close();
  }
}
