package io.snaprail.driver.modbus;

import static org.assertj.core.api.Assertions.assertThat;

import io.snaprail.api.driver.Deadline;
import io.snaprail.api.model.PointDefinition;
import io.snaprail.api.model.Value;
import io.snaprail.core.internal.points.RegisterMap;
import io.snaprail.driver.modbus.internal.connection.ConnectionSettings;
import io.snaprail.driver.modbus.internal.connection.Protocol;
import io.snaprail.driver.modbus.internal.connection.Way;
import io.snaprail.driver.modbus.internal.sunspec.SunSpecDiscovery;
import io.snaprail.driver.modbus.internal.sunspec.UnitRegisters;
import io.snaprail.driver.modbus.internal.transport.ModbusTransport;
import io.snaprail.testkit.RecordingSink;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** From an inverter that nobody here wrote the server of, over the map, to its values. */
@Tag("peer")
@Timeout(60)
class SunSpecPeerTest implements SunSpecDiscovery.Report {
  private static final int UNIT = 17;

  private final Driver driver = new Driver();
  private final List<String> models = new ArrayList<>();
  private Process process;

  private int start(int base) throws Exception {
    PymodbusPeerTest.requirePymodbus();
    Path script =
        Path.of(
            Objects.requireNonNull(getClass().getResource("/peer/pymodbus_sunspec.py")).toURI());
    process =
        new ProcessBuilder(
                PymodbusPeerTest.PYTHON.toString(), script.toString(), String.valueOf(base))
            .redirectError(Redirect.INHERIT)
            .start();
    String line = process.inputReader().readLine();
    assertThat(line).startsWith("port ");
    return Integer.parseInt(line.substring(5));
  }

  @AfterEach
  void stop() throws Exception {
    driver.close();
    if (process != null) {
      process.outputWriter().close();
      if (!process.waitFor(5, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    }
  }

  @Override
  public void model(int id, String title, String address, int length, String remark) {
    models.add(String.join("|", "" + id, title, address, "" + length, remark));
  }

  @Override
  public void progress(int done, int of, String text) {}

  @ParameterizedTest
  @ValueSource(ints = {40_000, 0})
  void theMapThatIsMadeOfADeviceGivesItsValues(int base) throws Exception {
    int port = start(base);
    SunSpecDiscovery.Result found;
    try (ModbusTransport transport =
        driver.pool.lease(
            Way.of(Protocol.TCP, "127.0.0.1", port),
            new ConnectionSettings(Driver.AMPLE, 1, 1, Duration.ZERO, true))) {
      UnitRegisters registers = new UnitRegisters(transport, UNIT, () -> Deadline.in(Driver.AMPLE));
      found = new SunSpecDiscovery(registers, 125, false).run(this);
    }
    assertThat(models)
        .containsExactly(
            "1|Common|4x" + String.format("%04d", base + 3) + "|65|",
            "103|Inverter (Three Phase)|4x" + String.format("%04d", base + 70) + "|50|",
            "160|Multiple MPPT Inverter Extension Model|4x"
                + String.format("%04d", base + 122)
                + "|48|",
            "203|wye-connect three phase (abcn) meter|4x"
                + String.format("%04d", base + 172)
                + "|105|");
    assertThat(found.trouble()).isEmpty();
    RegisterMap map = RegisterMap.parse(found.map(), "map");
    assertThat(map.errors()).isEmpty();
    assertThat(map.notes().title()).isEqualTo("Example PV-10 (SunSpec)");

    Map<String, Value> values = read(map.points(), port);

    assertThat(values)
        .containsEntry("common.SN", new Value.Text("7E1A0B"))
        .containsEntry("inverter.A", new Value.Float64(21.48))
        .containsEntry("inverter.PhVphB", new Value.Float64(231.1))
        .containsEntry("inverter.W", new Value.Float64(4953))
        .containsEntry("inverter.Hz", new Value.Float64(49.99))
        .containsEntry("inverter.VAr", new Value.Float64(-31))
        .containsEntry("inverter.PF", new Value.Float64(-99.8))
        .containsEntry("inverter.WH", new Value.Float64(123456780))
        .containsEntry("inverter.TmpSnk", new Value.Float64(41.2))
        .containsEntry("inverter.St", new Value.Int(4))
        .containsEntry("mppt.1.IDStr", new Value.Text("String 1"))
        .containsEntry("mppt.1.DCA", new Value.Float64(6.12))
        .containsEntry("mppt.2.DCV", new Value.Float64(409))
        .containsEntry("mppt.2.DCWH", new Value.Float64(6_000_000))
        .containsEntry("meter.W", new Value.Float64(-1204))
        .containsEntry("meter.TotWhImp", new Value.Float64(43210))
        // What the device has not is not in the map.
        .doesNotContainKeys("inverter.PPVphAB", "inverter.TmpCab", "inverter.DCA", "mppt.1.Tmp");
  }

  /** Every point of a map that has a value now, read through the driver in merged reads. */
  private Map<String, Value> read(List<PointDefinition> points, int port) throws Exception {
    NetworkDevice device = driver.device("host", "127.0.0.1", "port", port, "unit", UNIT);
    RecordingSink sink = Driver.read(Driver.plan(device, points.toArray(PointDefinition[]::new)));
    Map<String, Value> values = new TreeMap<>();
    for (int i = 0; i < points.size(); i++) {
      Value value = sink.value(i);
      if (value == null) {
        // Counters that do not count are told from others only by their 0.
        assertThat(points.get(i).type())
            .as("%s: %s", points.get(i), sink.reason(i))
            .contains("acc");
      } else {
        values.put(points.get(i).name(), value);
      }
    }
    return values;
  }
}
