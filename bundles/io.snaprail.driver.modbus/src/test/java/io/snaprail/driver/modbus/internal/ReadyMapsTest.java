package io.snaprail.driver.modbus.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.snaprail.api.model.Access;
import io.snaprail.api.model.PointDefinition;
import io.snaprail.core.internal.points.RegisterMap;
import io.snaprail.testkit.RecordingSink;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The maps that are shipped, read by the core's parser and compiled as the driver does. */
class ReadyMapsTest {
  private static final Path FOLDER = Path.of("../../maps");

  static List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(FOLDER)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  private static RegisterMap read(String name) {
    return RegisterMap.read(FOLDER.resolve(name), name);
  }

  @Test
  void thereAreMapsForManyDevices() throws Exception {
    assertThat(names())
        .hasSizeGreaterThanOrEqualTo(10)
        .allMatch(name -> name.matches("[a-z0-9-]+\\.csv"));
  }

  @ParameterizedTest
  @MethodSource("names")
  void everyMapIsReadAndSaysWhereItIsFrom(String name) {
    RegisterMap map = read(name);
    assertThat(map.errors()).isEmpty();
    assertThat(map.points()).isNotEmpty();
    assertThat(map.notes().title()).isNotBlank();
    assertThat(map.notes().source()).hasSizeGreaterThan(20);
    assertThat(map.notes().notes()).isNotEmpty();
    assertThat(map.points()).allMatch(point -> !point.description().isEmpty());
  }

  /** The same registers, however the device counts. */
  @ParameterizedTest
  @MethodSource("names")
  void everyPointCompilesToTheSamePlaceCountedFromZeroAndFromOne(String name) {
    PointCompiler fromZero = new PointCompiler(true, 125, WriteFunction.AUTO);
    PointCompiler fromOne = new PointCompiler(false, 125, WriteFunction.AUTO);
    for (PointDefinition point : read(name).points()) {
      ModbusPoint compiled = fromZero.readable(point);
      assertThat(compiled.address()).as("%s", point).isEqualTo(fromOne.readable(point).address());
      if (point.access() != Access.READ) {
        assertThat(fromZero.writable(point)).as("%s", point).isEqualTo(compiled);
      }
    }
  }

  /** Two points at one place are a slip, unless they are bits of it. */
  @ParameterizedTest
  @MethodSource("names")
  void noTwoPointsOverlap(String name) {
    PointCompiler compiler = new PointCompiler(true, 125, WriteFunction.AUTO);
    List<ModbusPoint> points = read(name).points().stream().map(compiler::readable).toList();
    for (ModbusPoint a : points) {
      assertThat(points)
          .filteredOn(
              b ->
                  !a.equals(b)
                      && a.table() == b.table()
                      && a.address() < b.address() + b.width()
                      && b.address() < a.address() + a.width())
          .as("%s in %s", a, name)
          .isEmpty();
    }
  }

  /** By hand from the documents that the maps name. The address is the one on the wire. */
  @ParameterizedTest
  @CsvSource({
    // Eastron, SDM630 Protocol 2018 v2.0, section 1.2.1: 30053 (00 34), 30343 (01 56), 30381
    "eastron-sdm630.csv, power.total, INPUT, 0x34, float32, 1, W",
    "eastron-sdm630.csv, energy.total, INPUT, 0x156, float32, 1, kWh",
    "eastron-sdm630.csv, energy.reactive.total.l3, INPUT, 0x17C, float32, 1, kvarh",
    "eastron-sdm630.csv, thd.voltage.average, INPUT, 0xF8, float32, 1, %",
    // Eastron, SDM120M protocol V2.5: 30013 (00 0C), 30345 (01 58)
    "eastron-sdm120.csv, power, INPUT, 0x0C, float32, 1, W",
    "eastron-sdm120.csv, energy.reactive.total, INPUT, 0x158, float32, 1, kvarh",
    // Eastron, SDM72DM-V2 manual V1.1: 30397 (01 8C), 31283 (05 02)
    "eastron-sdm72d-m-v2.csv, energy.net, INPUT, 0x18C, float32, 1, kWh",
    "eastron-sdm72d-m-v2.csv, power.export, INPUT, 0x502, float32, 1, W",
    // ABB, A43/A44 manual, 9.4: 5000 and 5004, 4 registers, resolution 0.01
    "abb-b23-b24.csv, energy.import, HOLDING, 0x5000, uint64, 0.01, kWh",
    "abb-b23-b24.csv, energy.export, HOLDING, 0x5004, uint64, 0.01, kWh",
    "abb-b23-b24.csv, voltage.l1, HOLDING, 0x5B00, uint32, 0.1, V",
    "abb-b23-b24.csv, power.total, HOLDING, 0x5B14, int32, 0.01, W",
    // Carlo Gavazzi, EM24 Ethernet: 0028h, 0033h, 0034h
    "carlo-gavazzi-em24-e1.csv, power.total, INPUT, 0x28, int32, 0.1, W",
    "carlo-gavazzi-em24-e1.csv, frequency, INPUT, 0x33, uint16, 0.1, Hz",
    "carlo-gavazzi-em24-e1.csv, energy.import, INPUT, 0x34, int32, 0.1, kWh",
    // Schneider: 3028 is 0BD3 on the wire, 3204 is 0C83, 45112 is 45111
    "schneider-iem3155.csv, voltage.l1, HOLDING, 0xBD3, float32, 1, V",
    "schneider-iem3155.csv, energy.import, HOLDING, 0xC83, int64, 0.001, kWh",
    "schneider-iem3155.csv, energy.import.l1, HOLDING, 0xB037, float32, 0.001, kWh",
    // Siemens, G120X 06/2019, table 6-44: 40342, scaling 100; V20: 40026, scaling 100
    "siemens-sinamics-g120x.csv, frequency, HOLDING, 0x155, int16, 0.01, Hz",
    "siemens-sinamics-g120x.csv, input.5, HOLDING, 0xF4, uint16, 1, ''",
    "siemens-sinamics-v20.csv, current, HOLDING, 0x19, int16, 0.01, A",
    // Eurotherm, HA028651 issue 7.0, 15.5: PV.IN 1, WKG.SP 5, SP1 24
    "eurotherm-3200.csv, pv, HOLDING, 1, int16, 0.1, °C",
    "eurotherm-3200.csv, setpoint.working, HOLDING, 5, int16, 0.1, °C",
    "eurotherm-3200.csv, setpoint.1, HOLDING, 24, int16, 0.1, °C",
    // Moxa, E1214: relay 00006 (0x0005), DI 10001 (0x0000), counter 30027 (0x001A)
    "moxa-iologik-e1214.csv, relay.5, COIL, 5, bool, 1, ''",
    "moxa-iologik-e1214.csv, input.0, DISCRETE, 0, bool, 1, ''",
    "moxa-iologik-e1214.csv, counter.5, INPUT, 0x1A, uint32, 1, ''",
    // Victron, attributes.csv: 840, 843, 846
    "victron-gx-system.csv, battery.voltage, HOLDING, 840, uint16, 0.1, V",
    "victron-gx-system.csv, battery.soc, HOLDING, 843, uint16, 1, %",
    "victron-gx-system.csv, battery.time, HOLDING, 846, uint16, 100, s",
    // TUF-2000F: REG0001, REG0033 on the wire one less
    "tuf-2000m.csv, flow, HOLDING, 0, float32, 1, m³/h",
    "tuf-2000m.csv, temperature.1, HOLDING, 32, float32, 1, °C",
    // PZEM-016: the frame that both drivers show
    "peacefair-pzem-016.csv, energy, INPUT, 5, uint32, 1, Wh",
  })
  void spotChecks(
      String file,
      String name,
      String table,
      String address,
      String type,
      String scale,
      String unit) {
    PointDefinition point =
        read(file).points().stream().filter(p -> p.name().equals(name)).findFirst().orElseThrow();
    ModbusPoint compiled = new PointCompiler(true, 125, WriteFunction.AUTO).readable(point);
    assertThat(compiled.table().name()).isEqualTo(table);
    assertThat(compiled.address()).isEqualTo(Integer.decode(address));
    assertThat(compiled.codec().type()).isEqualTo(type);
    assertThat(point.scale()).isEqualByComparingTo(scale);
    assertThat(point.unit()).isEqualTo(unit);
  }

  /** A frame of a PZEM-016 that both of its drivers show: 225.7 V, 0.108 A, 24.4 W, 38 Wh. */
  @Test
  void readsARealFrameOfAMeterThatSendsTheLowWordFirst() {
    int[] words = {0x08d1, 0x006c, 0, 0x00f4, 0, 0x0026, 0, 0x01f4, 0x0064};
    assertThat(value("peacefair-pzem-016.csv", "voltage", words)).isEqualTo(2257);
    assertThat(value("peacefair-pzem-016.csv", "current", words)).isEqualTo(108);
    assertThat(value("peacefair-pzem-016.csv", "power", words)).isEqualTo(244);
    assertThat(value("peacefair-pzem-016.csv", "energy", words)).isEqualTo(38);
    assertThat(value("peacefair-pzem-016.csv", "frequency", words)).isEqualTo(500);
    assertThat(value("peacefair-pzem-016.csv", "factor", words)).isEqualTo(100);
  }

  /** Bytes 80 6B 42 12 that a user read from a TUF-2000M at 36.625 degrees. */
  @Test
  void readsARealTemperatureOfAnUltrasonicMeter() {
    int[] words = new int[34];
    words[32] = 0x806b;
    words[33] = 0x4212;
    assertThat(value("tuf-2000m.csv", "temperature.1", words)).isBetween(36.62, 36.63);
  }

  private static double value(String file, String name, int[] words) {
    PointDefinition point =
        read(file).points().stream().filter(p -> p.name().equals(name)).findFirst().orElseThrow();
    ModbusPoint compiled = new PointCompiler(true, 125, WriteFunction.AUTO).readable(point);
    var sink = new RecordingSink();
    compiled.codec().decode(words, compiled.address(), 0, sink);
    return Objects.requireNonNull(sink.value(0)).number();
  }
}
