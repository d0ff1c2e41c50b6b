package io.snaprail.driver.mbus.internal;

import io.snaprail.api.driver.Deadline;
import io.snaprail.api.driver.Device.PointErrors;
import io.snaprail.api.driver.DriverException;
import io.snaprail.api.driver.Inspection;
import io.snaprail.api.driver.ReadPlan;
import io.snaprail.api.model.PointDefinition;
import io.snaprail.api.serial.FlowControl;
import io.snaprail.api.serial.LineSettings;
import io.snaprail.api.serial.Parity;
import io.snaprail.api.serial.Rs485;
import io.snaprail.api.serial.SerialAddress;
import io.snaprail.api.serial.SerialSettings;
import io.snaprail.api.serial.SharedPorts;
import io.snaprail.api.serial.StopBits;
import io.snaprail.driver.mbus.internal.link.MbusLine;
import io.snaprail.driver.mbus.internal.link.MeterAddress;
import io.snaprail.driver.mbus.internal.record.Identity;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** A meter as it is configured, on its port. */
public final class MbusMeter implements AutoCloseable {
  private static final List<Integer> BAUDS = List.of(300, 600, 1200, 2400, 4800, 9600);

  private final SharedPorts.Use use;
  private final MbusLine line;
  private final Meter meter;
  private final LongAdder readouts = new LongAdder();
  private final LongAdder failures = new LongAdder();
  private volatile Meter.@Nullable Readout last;

  private MbusMeter(SharedPorts.Use use, MbusLine line, Meter meter) {
    this.use = use;
    this.line = line;
    this.meter = meter;
  }

  /**
   * Takes part in its port from now on. Opens nothing.
   *
   * @throws IllegalArgumentException when a setting is wrong: key, expected and found
   */
  public static MbusMeter of(MbusConfig config, SharedPorts ports) {
    MeterAddress address = MeterAddress.parse(config.address());
    SerialSettings port = port(config);
    Duration margin =
        Duration.ofMillis(range("answer.margin.ms", 10_000, config.answer_margin_ms()));
    int retries = range("retries", 5, config.retries());
    SharedPorts.Use use = ports.join(port);
    MbusLine line = new MbusLine(use, margin, retries);
    return new MbusMeter(use, line, new Meter(line, address, config.reset()));
  }

  /**
   * The line that a configuration leads to; the address need not be given.
   *
   * @throws IllegalArgumentException when a setting is wrong: key, expected and found
   */
  static SerialSettings port(MbusConfig config) {
    if (!BAUDS.contains(config.baud())) {
      throw new IllegalArgumentException(
          "baud: expected one of " + BAUDS + ", found " + config.baud());
    }
    LineSettings line =
        new LineSettings(config.baud(), 8, Parity.EVEN, StopBits.ONE, FlowControl.NONE);
    return new SerialSettings(SerialAddress.parse(config.port()), line, Rs485.NONE, config.echo());
  }

  private static int range(String key, int most, int found) {
    if (found < 0 || found > most) {
      throw new IllegalArgumentException(
          "%s: expected 0..%d, found %d".formatted(key, most, found));
    }
    return found;
  }

  /** See {@link io.snaprail.api.driver.Device#bus()}. */
  public String bus() {
    return bus(use.settings());
  }

  static String bus(SerialSettings settings) {
    return "serial:" + settings.address();
  }

  /** See {@link io.snaprail.api.driver.Device#compile}. */
  public ReadPlan compile(List<PointDefinition> definitions, PointErrors errors) {
    Points points = new Points(definitions, errors);
    return (sink, deadline) -> points.deliver(read(deadline), sink);
  }

  /**
   * Reads the whole meter.
   *
   * @throws DriverException when it does not answer, or otherwise than expected
   */
  public Meter.Readout read(Deadline deadline) throws DriverException {
    try {
      Meter.Readout readout = meter.read(deadline);
      readouts.increment();
      last = readout;
      return readout;
    } catch (DriverException e) {
      failures.increment();
      throw e;
    }
  }

  /** See {@link io.snaprail.api.driver.Inspectable#inspect()}. */
  public Inspection inspect() {
    List<Inspection.Fact> facts = new ArrayList<>();
    facts.add(new Inspection.Fact("Port", line.name()));
    facts.add(new Inspection.Fact("Line", use.settings().line().toString()));
    Meter.Readout told = last;
    if (told != null && told.first().meter() != null) {
      Identity identity = Identity.of(told.first().meter());
      facts.add(new Inspection.Fact("Identification", identity.identification()));
      facts.add(new Inspection.Fact("Manufacturer", identity.manufacturer()));
      facts.add(new Inspection.Fact("Medium", identity.mediumText()));
      facts.add(new Inspection.Fact("Records", Integer.toString(told.records().size())));
    }
    return new Inspection(
        facts,
        List.of(
            new Inspection.Figure("readouts", "Readouts", (double) readouts.sum(), ""),
            new Inspection.Figure("failures", "Failed readouts", (double) failures.sum(), "")),
        List.of());
  }

  /** Leaves the port, and ends a call that is under way. */
  @Override
  public void close() {
    use.close();
  }
}
