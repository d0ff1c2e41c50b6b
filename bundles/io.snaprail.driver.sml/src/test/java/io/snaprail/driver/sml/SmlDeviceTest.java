package io.snaprail.driver.sml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import io.snaprail.api.driver.Deadline;
import io.snaprail.api.driver.DriverException;
import io.snaprail.api.model.PointDefinition;
import io.snaprail.api.model.Value;
import io.snaprail.driver.sml.internal.SmlConfig;
import io.snaprail.testkit.RecordingRun;
import io.snaprail.testkit.RecordingSink;
import io.snaprail.testkit.TestPoints;
import io.snaprail.testkit.TypedConfig;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A meter at an optical head. */
class SmlDeviceTest {
  private static final Map<String, Object> SETTINGS = Map.of("port", "/dev/ttyTEST");
  private final PushingMeter meter = new PushingMeter(Telegrams.bytes("ITRON_OpenWay-3.HZ"));
  private final SmlPorts ports = new SmlPorts(meter.port);

  @AfterEach
  void close() {
    ports.deactivate();
    meter.close();
  }

  private RecordingSink read(Duration time, String... addressesAndTypes) throws DriverException {
    List<PointDefinition> points =
        Arrays.stream(addressesAndTypes)
            .map(text -> text.split("\\|"))
            .map(parts -> TestPoints.readable("p", parts[0], parts[1]))
            .toList();
    RecordingSink sink = new RecordingSink();
    SmlDevice device = new SmlDevice(TypedConfig.of(SmlConfig.class, SETTINGS), ports);
    try {
      device.compile(points, (index, message) -> fail(message)).read(sink, Deadline.in(time));
    } finally {
      device.deactivate();
    }
    return sink;
  }

  @Test
  void valuesComeWithTheirScaler() throws Exception {
    RecordingSink sink =
        read(
            Duration.ofSeconds(10),
            "1.8.0|number",
            "1-0:16.7.0*255|number",
            "1.8.0 status|number",
            "server-id|text",
            "1-0:96.50.1*1|text",
            "1-0:96.50.1*1|number",
            "2.8.0|number",
            "16.7.0 status|number");
    assertThat(sink.value(0)).isEqualTo(new Value.Float64(8189594.9));
    assertThat(sink.value(1)).isEqualTo(new Value.Int(613));
    assertThat(sink.value(2)).isEqualTo(new Value.Int(0x1c0104));
    assertThat(sink.value(3)).isEqualTo(new Value.Text("0A01495452000348F58E"));
    assertThat(sink.value(4)).isEqualTo(new Value.Text("ITR"));
    assertThat(sink.reason(5)).contains("expected a number").contains("ITR");
    assertThat(sink.reason(6)).contains("does not send 2.8.0*255").contains("1-0:1.8.0*255");
    assertThat(sink.reason(7)).contains("no status");
  }

  /** A DZG DVS-7412 sends 356.24 W without the zero in front, so that it looks negative. */
  @Test
  void aNumberMayBeTakenWithoutItsSign() throws Exception {
    meter.telegram = Telegrams.bytes("DZG_DVS-7412.2_jmberg");
    RecordingSink sink = read(Duration.ofSeconds(10), "16.7.0|number", "16.7.0|unsigned");
    assertThat(sink.value(0)).isEqualTo(new Value.Float64(-299.12));
    assertThat(sink.value(1)).isEqualTo(new Value.Float64(356.24));
  }

  @ParameterizedTest
  @CsvSource({
    "silence, TRANSIENT, sends nothing",
    "noise, TRANSIENT, no SML telegram",
    "damage, PROTOCOL, checksum"
  })
  void whyThereIsNoTelegramIsTold(String what, DriverException.Kind kind, String words) {
    byte[] damaged = Telegrams.bytes("ITRON_OpenWay-3.HZ");
    damaged[100] ^= 1;
    meter.telegram =
        switch (what) {
          case "silence" -> new byte[0];
          case "noise" -> new byte[] {1, 2, 3};
          default -> damaged;
        };
    assertThatThrownBy(() -> read(Duration.ofMillis(300), "1.8.0|number"))
        .hasMessageContaining("/dev/ttyTEST")
        .hasMessageContaining(words)
        .isInstanceOfSatisfying(DriverException.class, e -> assertThat(e.kind()).isEqualTo(kind));
  }

  @Test
  void whatIsSentIsARegisterMap() throws Exception {
    RecordingRun run = new RecordingRun();
    new SmlTools(ports).run(SmlDevice.PID, "listen", SETTINGS, Map.of(), run);
    assertThat(run.rows()).contains(List.of("1-0:1.8.0*255", "8189594.9", "Wh", "1c0104"));
    assertThat(run.files().get("meter.csv")).contains("\n1_0_1_8_0_255,1-0:1.8.0*255,number,Wh\n");
  }

  @Test
  void aWrongAddressOrTypeIsNamed() {
    SmlDevice device = new SmlDevice(TypedConfig.of(SmlConfig.class, SETTINGS), ports);
    for (String text : List.of("1.8|number", "status|number", "1.8.0|int32", "1.8.0.0|text")) {
      String[] parts = text.split("\\|");
      StringBuilder told = new StringBuilder();
      device.compile(
          List.of(TestPoints.readable("p", parts[0], parts[1])),
          (i, message) -> told.append(message));
      assertThat(told.toString()).contains("expected");
    }
  }
}
