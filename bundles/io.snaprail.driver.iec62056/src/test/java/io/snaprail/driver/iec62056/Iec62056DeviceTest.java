package io.snaprail.driver.iec62056;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import io.snaprail.api.driver.Deadline;
import io.snaprail.api.driver.DriverException;
import io.snaprail.api.model.PointDefinition;
import io.snaprail.api.model.Value;
import io.snaprail.driver.iec62056.internal.IecConfig;
import io.snaprail.testkit.RecordingRun;
import io.snaprail.testkit.RecordingSink;
import io.snaprail.testkit.TestPoints;
import io.snaprail.testkit.TypedConfig;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Meters at an optical head. */
class Iec62056DeviceTest {
  private final TestMeter meter = new TestMeter();
  private final Iec62056Ports ports = new Iec62056Ports(meter.port);

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

  private RecordingSink read(Map<String, Object> settings, Duration time, String... points)
      throws DriverException {
    Iec62056Device device = new Iec62056Device(TypedConfig.of(IecConfig.class, settings), ports);
    List<PointDefinition> definitions =
        Arrays.stream(points)
            .map(text -> text.split("\\|"))
            .map(parts -> TestPoints.readable("p", parts[0], parts[1]))
            .toList();
    RecordingSink sink = new RecordingSink();
    try {
      device.compile(definitions, (index, message) -> fail(message)).read(sink, Deadline.in(time));
    } finally {
      device.deactivate();
    }
    return sink;
  }

  private RecordingSink read(Map<String, Object> settings, String... points)
      throws DriverException {
    return read(settings, Duration.ofSeconds(10), points);
  }

  /** Clause 6.4.2, and the exchange of the manual: ACK 0 5 0, then 9600 baud. */
  @Test
  void aMeterOfModeCIsReadAtTheRateThatItOffers() throws Exception {
    for (int round = 0; round < 2; round++) {
      RecordingSink sink =
          read(
              settings(),
              "1.8.0|number",
              "1-0:1.8.0*255|number",
              "C.1.9|text",
              "0.2.0|number",
              "identification|text",
              "0.3.0|number",
              "C.90.2|number",
              "1.7.0|number",
              "1.8.0 value=2|number");
      assertThat(sink.value(0)).isEqualTo(new Value.Float64(0));
      assertThat(sink.value(1)).isEqualTo(new Value.Float64(0));
      assertThat(sink.value(2)).isEqualTo(new Value.Text("Point-ID"));
      assertThat(sink.value(3)).isEqualTo(new Value.Int(10_600_000));
      assertThat(sink.value(4)).isEqualTo(new Value.Text("EMH\\@D4EM4TIIW001--"));
      assertThat(sink.value(5)).isEqualTo(new Value.Float64(6));
      assertThat(sink.reason(6)).contains("expected a number").contains("9F139CC2");
      assertThat(sink.reason(7)).contains("does not send '1.7.0'");
      assertThat(sink.reason(8)).contains("1 values").contains("value=2");
    }
    assertThat(meter.heard)
        .containsExactly(
            "300 7E1 /?!\r\n", "300 7E1 \u0006050\r\n", "300 7E1 /?!\r\n", "300 7E1 \u0006050\r\n");
    assertThat(meter.port.lines()).extracting(Object::toString).startsWith("300 7E1", "9600 7E1");
  }

  /** Clause 6.4.1 and table of rates: mode B changes without a word, mode A not at all. */
  @ParameterizedTest
  @CsvSource({"E, 9600", "A, 600", "9, 300"})
  void modesAAndBGoOnByThemselves(char rate, int baud) throws Exception {
    meter.identification = "/EMH" + rate + "x\r\n";
    read(settings(), "1.8.0|number");
    assertThat(meter.heard).hasSize(1);
    assertThat(meter.port.lines().get(meter.port.lines().size() - 1).baud()).isEqualTo(baud);
  }

  @ParameterizedTest
  @CsvSource({"none, 300, 300, 0", "fixed, 9600, 9600, 5", "meter, 9600, 9600, 5"})
  void theRateMayStay(String change, int first, int last, char confirmed) throws Exception {
    read(settings("baud", first, "baud.change", change, "address", "12345678"), "1.8.0|number");
    assertThat(meter.heard.get(0)).endsWith("/?12345678!\r\n");
    assertThat(meter.heard.get(1)).endsWith("\u00060" + confirmed + "0\r\n");
    assertThat(meter.port.lines()).allMatch(l -> l.baud() == first).isNotEmpty();
    assertThat(last).isEqualTo(first);
  }

  /** Before the meter is told to change: afterwards it would speak to nobody. */
  @Test
  void behindAPlainServerTheRateThatCannotChangeIsTold() throws Exception {
    meter.port.fixedLine();
    Map<String, Object> behind = settings("port", "tcp://127.0.0.1:4001");
    assertThatThrownBy(() -> read(behind, "1.8.0|number"))
        .isInstanceOfSatisfying(
            DriverException.class,
            e -> assertThat(e.kind()).isEqualTo(DriverException.Kind.CONFIGURATION))
        .hasMessageContaining("9600")
        .hasMessageContaining("baud.change");
    assertThat(meter.heard).hasSize(1);
    behind.put("baud.change", "none");
    assertThat(read(behind, "1.8.0|number").value(0)).isNotNull();
  }

  @Test
  void aDamagedBlockIsReadAgain() throws Exception {
    meter.damage = 1;
    assertThatThrownBy(() -> read(settings(), "1.8.0|number"))
        .hasMessageContaining("block check character")
        .isInstanceOfSatisfying(
            DriverException.class,
            e -> assertThat(e.kind()).isEqualTo(DriverException.Kind.PROTOCOL));
    meter.damage = 2;
    assertThat(read(settings("retries", 2), "1.8.0|number").value(0)).isNotNull();
  }

  @Test
  void theParityMayBeMadeHere() throws Exception {
    meter.parity = true;
    assertThat(read(settings("line", "8n1-parity"), "1.8.0|number").value(0)).isNotNull();
    assertThat(meter.heard.get(0)).isEqualTo("300 8N1 /?!\r\n");
    assertThatThrownBy(() -> read(settings("line", "8n1"), "1.8.0|number"))
        .hasMessageContaining("expected");
  }

  /** Annex B: zeros for 2.1 to 2.3 s, then 1.5 to 1.7 s of silence. */
  @Test
  void aMeterIsWokenUp() throws Exception {
    long start = System.nanoTime();
    read(settings("wake", true), "1.8.0|number");
    assertThat(meter.heard.get(0)).isEqualTo("300 7E1 " + "\0".repeat(66));
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofMillis(1_500));
  }

  @ParameterizedTest
  @CsvSource({"dsmr5, 1-0:1.8.1, 4.426", "dsmr5, 0-1:24.2.1 value=2, 0.107", "q3d, 1.7.0, 2124.86"})
  void aMeterThatSendsByItselfIsHeard(String name, String address, double value) throws Exception {
    ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
    try {
      byte[] telegram = Readouts.text(name).getBytes(StandardCharsets.US_ASCII);
      clock.scheduleAtFixedRate(() -> meter.port.say(telegram), 0, 20, TimeUnit.MILLISECONDS);
      RecordingSink sink =
          read(settings("mode", "listen", "baud", 115_200, "line", "8n1"), address + "|number");
      assertThat(sink.value(0)).isEqualTo(new Value.Float64(value));
    } finally {
      clock.shutdownNow();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "'', sends nothing",
    "abc, no whole telegram",
    "'/ISk5x\r\n1.8.0(5)\r\n!0000\r\n', checksum"
  })
  void whyThereIsNoTelegramIsTold(String text, String words) {
    ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
    try {
      byte[] telegram = text.getBytes(StandardCharsets.US_ASCII);
      clock.scheduleAtFixedRate(() -> meter.port.say(telegram), 0, 20, TimeUnit.MILLISECONDS);
      assertThatThrownBy(
              () -> read(settings("mode", "listen"), Duration.ofMillis(300), "1.8.0|number"))
          .isInstanceOf(DriverException.class)
          .hasMessageContaining("/dev/ttyTEST")
          .hasMessageContaining(words);
    } finally {
      clock.shutdownNow();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "mode, x",
    "line, 7n1",
    "baud.change, up",
    "address, a!b",
    "retries, 6",
    "baud, 200",
    "port, ''"
  })
  void aWrongSettingIsToldByTheBus(String key, String value) {
    Object given = value.matches("\\d+") ? Integer.valueOf(value) : value;
    Iec62056Device device =
        new Iec62056Device(TypedConfig.of(IecConfig.class, settings(key, given)), ports);
    assertThatThrownBy(device::bus)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(key + ": expected");
  }

  @Test
  void whatIsToldIsARegisterMap() throws Exception {
    RecordingRun run = new RecordingRun();
    new Iec62056Tools(ports).run(Iec62056Device.PID, "read", settings(), Map.of(), run);
    assertThat(run.rows()).hasSize(18).contains(List.of("1-0:1.8.0*255", "000000000.0", "kWh"));
    assertThat(run.progress()).contains("18 data sets, checked");
    assertThat(run.files().get("meter.csv"))
        .contains("\n1_0_1_8_0_255,1-0:1.8.0*255,number,kWh\n")
        .contains("\n1_0_C_1_9_255,1-0:C.1.9*255,text,\n");
  }
}
