package io.snaprail.driver.mbus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import io.snaprail.api.driver.Deadline;
import io.snaprail.api.driver.DriverException;
import io.snaprail.api.model.PointDefinition;
import io.snaprail.api.model.Value;
import io.snaprail.driver.mbus.internal.MbusConfig;
import io.snaprail.testkit.RecordingRun;
import io.snaprail.testkit.RecordingSink;
import io.snaprail.testkit.TestPoints;
import io.snaprail.testkit.TypedConfig;
import io.snaprail.testkit.serial.ScriptedPort;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Meters on a bus. */
class MbusDeviceTest {
  private final TestBus bus = new TestBus();
  private final ScriptedPort port = new ScriptedPort(bus::answer);
  private final MbusPorts ports = new MbusPorts(port);

  @AfterEach
  void close() {
    ports.deactivate();
  }

  private static Map<String, Object> settings(Object... keysAndValues) {
    Map<String, Object> settings = new HashMap<>(Map.of("port", "/dev/ttyTEST", "retries", 0));
    for (int i = 0; i < keysAndValues.length; i += 2) {
      settings.put((String) keysAndValues[i], keysAndValues[i + 1]);
    }
    return settings;
  }

  private MbusDevice device(Object... keysAndValues) {
    return new MbusDevice(TypedConfig.of(MbusConfig.class, settings(keysAndValues)), ports);
  }

  private static RecordingSink read(MbusDevice device, String... addresses) throws DriverException {
    List<PointDefinition> points =
        java.util.Arrays.stream(addresses)
            .map(address -> TestPoints.readable("p", address, "number"))
            .toList();
    RecordingSink sink = new RecordingSink();
    device
        .compile(points, (index, message) -> fail(message))
        .read(sink, Deadline.in(Duration.ofSeconds(10)));
    return sink;
  }

  /** Part of a meter's answer: a head, then records. */
  private static byte[] telegram(String records) {
    return telegram(records, "12345678");
  }

  private static byte[] telegram(String records, String identification) {
    byte[] id = java.util.HexFormat.of().parseHex(identification);
    String lowFirst = "%02X%02X%02X%02X".formatted(id[3], id[2], id[1], id[0]);
    return io.snaprail.driver.mbus.internal.link.Frame.request(
        8,
        0,
        0x72,
        java.util.HexFormat.of()
            .parseHex((lowFirst + " A732 07 04 01000000 " + records).replace(" ", "")));
  }

  @Test
  void metersOfDifferentSpeedShareABus() throws Exception {
    bus.add(5, 2400, Telegrams.bytes("EFE_Engelmann-WaterStar"));
    bus.add(7, 300, Telegrams.bytes("svm_f22_telegram1"), telegram("01 13 05"));
    MbusDevice water = device("address", "5");
    MbusDevice heat = device("address", "7", "baud", 300);
    assertThat(water.bus()).isEqualTo(heat.bus()).isEqualTo("serial:/dev/ttyTEST");

    for (int round = 0; round < 3; round++) {
      RecordingSink sink =
          read(water, "volume storage=1", "record:2", "header:status", "error-flags");
      assertThat(sink.value(0)).isEqualTo(new Value.Float64(0.331));
      assertThat(sink.value(1)).isEqualTo(new Value.Float64(0.332));
      assertThat(sink.value(2)).isEqualTo(new Value.Int(0x27));
      assertThat(sink.value(3)).isEqualTo(new Value.Int(0));
      assertThat(read(heat, "energy").value(0)).isEqualTo(new Value.Int(28_014_000));
    }
    assertThat(port.lines()).extracting(l -> l.toString()).contains("2400 8E1", "300 8E1");
  }

  /** EN 13757-3, clause 11: the frame count bit makes the meter go on to its next telegram. */
  @ParameterizedTest
  @CsvSource({"0,0", "1,0", "0,1", "2,0", "0,2"})
  void moreTelegramsAreReadInTheirOrderWhateverIsLost(int lose, int damage) throws Exception {
    bus.add(9, 2400, telegram("01 13 01 1F"), telegram("01 13 02 1F"), telegram("01 13 03 0F 55"));
    MbusDevice device = device("address", "9", "retries", 2);
    for (int round = 0; round < 2; round++) {
      bus.lose = lose;
      bus.damage = damage;
      RecordingSink sink = read(device, "record:0", "record:1", "record:2");
      assertThat(sink.value(0)).isEqualTo(new Value.Float64(0.001));
      assertThat(sink.value(1)).isEqualTo(new Value.Float64(0.002));
      assertThat(sink.value(2)).isEqualTo(new Value.Float64(0.003));
    }
  }

  @Test
  void aMeterThatNeverEndsIsGivenUp() {
    bus.add(9, 2400, telegram("01 13 01 1F"));
    assertThatThrownBy(() -> read(device("address", "9"), "record:0"))
        .hasMessageContaining("32 telegrams at most");
  }

  /** Clause 11.3: selection; F is any digit. */
  @ParameterizedTest
  @ValueSource(strings = {"04990254", "0499025F", "04990254C5140006", "FFFFFFFFC514FF06"})
  void aMeterIsReadByItsSecondaryAddress(String address) throws Exception {
    bus.add(5, 2400, Telegrams.bytes("EFE_Engelmann-WaterStar"));
    bus.add(5, 2400, Telegrams.bytes("svm_f22_telegram1"));
    RecordingSink sink = read(device("address", address.replace("C514", "14C5")), "volume");
    assertThat(sink.value(0)).isEqualTo(new Value.Float64(0.332));
  }

  /** A meter repeats its last telegram to the same frame count bit: never an old value again. */
  @ParameterizedTest
  @CsvSource({"0", "1", "2", "3"})
  void aMeterThatIsSelectedAgainBeginsAnew(int lose) throws Exception {
    bus.add(5, 2400, telegram("01 13 01 1F"), telegram("01 13 02"));
    MbusDevice device = device("address", "12345678", "retries", 3);
    for (int round = 0; round < 3; round++) {
      RecordingSink sink = read(device, "record:0", "record:1");
      assertThat(sink.value(0)).isEqualTo(new Value.Float64(0.001));
      assertThat(sink.value(1)).isEqualTo(new Value.Float64(0.002));
      bus.lose = lose;
    }
  }

  @Test
  void anAnswerOfAnotherMeterIsRefused() {
    bus.add(5, 2400, Telegrams.bytes("EFE_Engelmann-WaterStar"))
        .telegrams
        .set(0, Telegrams.bytes("svm_f22_telegram1"));
    assertThatThrownBy(() -> read(device("address", "5"), "volume"))
        .isInstanceOfSatisfying(
            DriverException.class,
            e -> assertThat(e.kind()).isEqualTo(DriverException.Kind.PROTOCOL))
        .hasMessageContaining("expected the address 5, found 1");
  }

  @Test
  void aMeterThatIsNotResetGoesOnWithTheFrameCountBit() throws Exception {
    TestBus.TestMeter meter =
        bus.add(5, 2400, telegram("01 13 01"), telegram("01 13 02"), telegram("01 13 03"));
    meter.ignoresReset = true;
    MbusDevice device = device("address", "5", "reset", false);
    assertThat(read(device, "volume").value(0)).isEqualTo(new Value.Float64(0.001));
    assertThat(read(device, "volume").value(0)).isEqualTo(new Value.Float64(0.002));
    bus.lose = 1;
    assertThatThrownBy(() -> read(device, "volume")).hasMessageContaining("no answer");
    assertThat(read(device, "volume").value(0)).isEqualTo(new Value.Float64(0.003));
  }

  /** A dead meter takes 330 bit times and a margin, not the time-out of the device. */
  @Test
  void aDeadMeterDoesNotHoldTheBus() {
    bus.add(5, 2400, telegram("01 13 01"));
    long start = System.nanoTime();
    assertThatThrownBy(() -> read(device("address", "6"), "volume"))
        .hasMessageContaining("no answer to the reset of meter 6 within 337 ms")
        .isInstanceOfSatisfying(
            DriverException.class,
            e -> assertThat(e.kind()).isEqualTo(DriverException.Kind.TRANSIENT));
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(3));
  }

  @Test
  void aPointThatNoOrSeveralRecordsFitSaysSo() throws Exception {
    bus.add(5, 2400, telegram("01 13 01 01 13 02 0D 78 02 42 41 04 6C"));
    RecordingSink sink =
        read(device("address", "5"), "volume", "energy", "fabrication-number", "record:1");
    assertThat(sink.reason(0)).contains("2 records fit").contains("record:0").contains("record:1");
    assertThat(sink.reason(1)).contains("no record 'energy'").contains("ends early");
    assertThat(sink.reason(2)).contains("expected a number").contains("AB");
    assertThat(sink.value(3)).isEqualTo(new Value.Float64(0.002));
  }

  @ParameterizedTest
  @CsvSource({
    "address, 251",
    "address, ''",
    "address, 1234567",
    "baud, 19200",
    "retries, 6",
    "answer.margin.ms, -1",
    "port, ''"
  })
  void aWrongSettingIsToldByTheBus(String key, String value) {
    Object given =
        value.matches("-?\\d+") && !key.equals("address") ? Integer.valueOf(value) : value;
    MbusDevice device = device("address", "5", key, given);
    assertThatThrownBy(device::bus)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(key + ": expected");
  }

  @Test
  void theListOfRecordsIsARegisterMap() throws Exception {
    bus.add(5, 2400, Telegrams.bytes("EFE_Engelmann-WaterStar"));
    RecordingRun run = new RecordingRun();
    new MbusTools(ports).run(MbusDevice.PID, "read", settings("address", "5"), Map.of(), run);
    assertThat(run.rows())
        .hasSize(12)
        .contains(List.of("3", "volume storage=1", "0.331", "m³", "13"));
    assertThat(run.files().get("meter.csv"))
        .startsWith("name,address,type,unit\n")
        .contains("\nvolume_storage_1,volume storage=1,number,m³\n")
        .contains("\ndate-time,date-time,text,\n");
  }

  @Test
  void metersAreFoundByPrimaryAndBySecondaryAddress() throws Exception {
    bus.add(1, 9600, Telegrams.bytes("EFE_Engelmann-WaterStar"));
    bus.add(3, 9600, telegram("01 13 05"));
    bus.add(4, 9600, telegram("01 13 05", "12345699"));
    Map<String, Object> settings = settings("baud", 9600, "answer.margin.ms", 1);
    RecordingRun primary = new RecordingRun();
    MbusTools tools = new MbusTools(ports);
    tools.run(MbusDevice.PID, "scan", settings, Map.of("first", "0", "last", "4"), primary);
    assertThat(primary.rows()).extracting(r -> r.get(0)).containsExactly("1", "3", "4");
    assertThat(primary.rows().get(0)).contains("0499025414C50006", "EFE", "warm water");

    RecordingRun secondary = new RecordingRun();
    tools.run(MbusDevice.PID, "scan-secondary", settings, Map.of("begin", "12345"), secondary);
    assertThat(secondary.rows())
        .extracting(r -> r.get(1).substring(0, 8))
        .containsExactly("12345678", "12345699");
  }
}
