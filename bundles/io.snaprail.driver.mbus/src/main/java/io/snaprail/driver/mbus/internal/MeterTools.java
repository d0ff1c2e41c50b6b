package io.snaprail.driver.mbus.internal;

import io.snaprail.api.driver.Deadline;
import io.snaprail.api.driver.DriverException;
import io.snaprail.api.driver.Tool;
import io.snaprail.api.driver.ToolRun;
import io.snaprail.api.serial.SerialSettings;
import io.snaprail.api.serial.SharedPorts;
import io.snaprail.driver.mbus.internal.link.MbusLine;
import io.snaprail.driver.mbus.internal.link.MeterAddress.Primary;
import io.snaprail.driver.mbus.internal.link.MeterAddress.Secondary;
import io.snaprail.driver.mbus.internal.record.Content;
import io.snaprail.driver.mbus.internal.record.DataRecord;
import io.snaprail.driver.mbus.internal.record.Identity;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The tools of this driver. Each request is a use of the bus of its own. */
public final class MeterTools {
  private static final Duration READOUT = Duration.ofSeconds(30);
  private static final Duration ONE_REQUEST = Duration.ofSeconds(5);
  private static final int DIGITS = 8;
  private static final String COLLISION = "several meters answer at once";

  private static final List<String> METER =
      List.of("Address", "Secondary address", "Manufacturer", "Medium", "Version", "Remark");

  private static final Tool READ =
      new Tool(
          "read",
          "List what the meter tells",
          "Reads the meter once and lists every record with the address of its point. Changes"
              + " nothing.",
          List.of(),
          List.of("Record", "Address of a point", "Value", "Unit", "Value information"),
          Tool.Access.OPERATOR);

  private static final Tool SCAN =
      new Tool(
          "scan",
          "Find meters by primary address",
          "Asks each address. An address where nobody is takes 0.4 s at 2400 baud, 1.4 s at 300.",
          List.of(
              Tool.Parameter.whole("first", "First address", 0, 0, 250),
              Tool.Parameter.whole("last", "Last address", 250, 0, 250)),
          METER,
          Tool.Access.OPERATOR);

  private static final Tool SCAN_SECONDARY =
      new Tool(
          "scan-secondary",
          "Find meters by secondary address",
          "Tries the digits of the identification one after another, and goes on where somebody"
              + " answers: some 10 requests a meter.",
          List.of(Tool.Parameter.text("begin", "First digits of the identification", "")),
          METER,
          Tool.Access.OPERATOR);

  /** In the order in which people need them. */
  public static final List<Tool> ALL = List.of(READ, SCAN, SCAN_SECONDARY);

  private final MbusConfig config;
  private final SharedPorts ports;
  private final ToolRun run;

  /** For one run. */
  public MeterTools(MbusConfig config, SharedPorts ports, ToolRun run) {
    this.config = config;
    this.ports = ports;
    this.run = run;
  }

  /**
   * Runs a tool to its end.
   *
   * @throws IllegalArgumentException when there is no such tool, or a setting is wrong
   */
  public void run(String tool, Map<String, String> parameters)
      throws DriverException, InterruptedException {
    switch (tool) {
      case "read" -> read();
      case "scan" -> scan(parameters);
      case "scan-secondary" -> scanSecondary(parameters);
      default -> throw new IllegalArgumentException("tool: there is no tool '" + tool + "'");
    }
  }

  private static String given(Map<String, String> parameters, String id) {
    return Objects.requireNonNull(parameters.get(id), id);
  }

  private void read() throws DriverException, InterruptedException {
    Meter.Readout readout;
    try (MbusMeter meter = MbusMeter.of(config, ports)) {
      readout = run.onBus(meter.bus(), () -> meter.read(Deadline.in(READOUT)));
    }
    StringBuilder map = new StringBuilder("name,address,type,unit\n");
    Set<String> names = new HashSet<>();
    for (DataRecord record : readout.records()) {
      String address = address(record, readout.records());
      run.row(
          List.of(
              Integer.toString(record.number()),
              address,
              record.text(),
              record.unit(),
              record.information()));
      map.append(name(record, names)).append(',').append(address).append(',');
      map.append(record.content() instanceof Content.Text ? "text," : "number,");
      map.append(record.unit().replaceAll("[\",;\\s]", "")).append('\n');
    }
    run.progress(
        1,
        1,
        readout.records().size()
            + " records"
            + (readout.fault().isEmpty() ? "" : "; the answer ends early: " + readout.fault()));
    if (!readout.records().isEmpty()) {
      run.file("meter.csv", map.toString());
    }
  }

  /** What describes it, unless that fits another one too. */
  private static String address(DataRecord record, List<DataRecord> all) {
    String address = record.address();
    long fitting = all.stream().filter(other -> other.address().equals(address)).count();
    return fitting == 1 ? address : "record:" + record.number();
  }

  private static String name(DataRecord record, Set<String> names) {
    String name = record.address().replace('=', '_').replace(' ', '_');
    if (!names.add(name)) {
      name = name + "_" + record.number();
      names.add(name);
    }
    return name;
  }

  private void scan(Map<String, String> parameters) throws DriverException, InterruptedException {
    int first = Integer.parseInt(given(parameters, "first"));
    int last = Integer.parseInt(given(parameters, "last"));
    if (last < first) {
      throw new IllegalArgumentException(
          "last: expected %d or more (first), found %d".formatted(first, last));
    }
    SerialSettings settings = MbusMeter.port(config);
    try (SharedPorts.Use use = ports.join(settings)) {
      MbusLine line = new MbusLine(use, Duration.ofMillis(config.answer_margin_ms()), 0);
      int found = 0;
      for (int number = first; number <= last && !run.cancelled(); number++) {
        run.progress(number - first, last - first + 1, "address " + number);
        Meter meter = new Meter(line, new Primary(number), config.reset());
        found += found(Integer.toString(number), meter, settings) ? 1 : 0;
      }
      run.progress(last - first + 1, last - first + 1, found + " meters");
    }
  }

  /** Whether somebody answers, which makes a row. */
  private boolean found(String address, Meter meter, SerialSettings settings)
      throws DriverException, InterruptedException {
    try {
      Meter.Readout readout =
          run.onBus(MbusMeter.bus(settings), () -> meter.read(Deadline.in(READOUT)));
      row(address, readout.first().meter(), readout.records().size() + " records");
      return true;
    } catch (DriverException e) {
      if (!e.sent()) {
        throw e;
      }
      if (e.kind() == DriverException.Kind.TRANSIENT) {
        return false;
      }
      row(address, null, String.valueOf(e.getMessage()));
      return true;
    }
  }

  private void row(String address, @Nullable Secondary meter, String remark) {
    if (meter == null) {
      run.row(List.of(address, "", "", "", "", remark));
      return;
    }
    Identity identity = Identity.of(meter);
    run.row(
        List.of(
            address,
            meter.digits(),
            identity.manufacturer(),
            identity.mediumText(),
            Integer.toString(identity.version()),
            remark));
  }

  private void scanSecondary(Map<String, String> parameters)
      throws DriverException, InterruptedException {
    String begin = given(parameters, "begin").strip();
    if (!begin.matches("[0-9]{0,7}")) {
      throw new IllegalArgumentException("begin: expected up to 7 digits, found '" + begin + "'");
    }
    SerialSettings settings = MbusMeter.port(config);
    Deque<String> left = new ArrayDeque<>();
    deeper(begin, left);
    int found = 0;
    int asked = 0;
    try (SharedPorts.Use use = ports.join(settings)) {
      MbusLine line = new MbusLine(use, Duration.ofMillis(config.answer_margin_ms()), 0);
      while (!left.isEmpty() && !run.cancelled()) {
        String digits = left.pop();
        String mask = digits + "F".repeat(DIGITS - digits.length());
        run.progress(asked, asked + left.size() + 1, mask);
        asked++;
        Secondary wanted = new Secondary(mask + "FFFFFFFF");
        switch (somebody(new Meter(line, wanted, true), wanted, settings)) {
          case ONE -> found++;
          case SEVERAL -> {
            if (digits.length() < DIGITS) {
              deeper(digits, left);
            } else {
              row(mask, null, COLLISION);
            }
          }
          case NONE -> {
            // Go on with the next digit.
          }
        }
      }
    }
    run.progress(1, 1, found + " meters");
  }

  private static void deeper(String digits, Deque<String> left) {
    for (int digit = 9; digit >= 0; digit--) {
      left.push(digits + digit);
    }
  }

  private enum Answered {
    NONE,
    ONE,
    SEVERAL
  }

  private Answered somebody(Meter meter, Secondary wanted, SerialSettings settings)
      throws DriverException, InterruptedException {
    try {
      run.onBus(
          MbusMeter.bus(settings),
          () -> {
            meter.select(wanted, Deadline.in(ONE_REQUEST));
            return "";
          });
    } catch (DriverException e) {
      if (!e.sent()) {
        throw e;
      }
      return e.kind() == DriverException.Kind.PROTOCOL ? Answered.SEVERAL : Answered.NONE;
    }
    try {
      Meter.Readout readout =
          run.onBus(MbusMeter.bus(settings), () -> meter.read(Deadline.in(READOUT)));
      Secondary one = readout.first().meter();
      row(one == null ? wanted.digits() : one.digits(), one, readout.records().size() + " records");
      return Answered.ONE;
    } catch (DriverException e) {
      if (!e.sent()) {
        throw e;
      }
      return Answered.SEVERAL;
    }
  }
}
