package io.snaprail.driver.serial;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.snaprail.api.driver.Deadline;
import io.snaprail.api.driver.DriverException;
import io.snaprail.api.driver.ReadPlan;
import io.snaprail.api.model.Value;
import io.snaprail.testkit.RecordingSink;
import io.snaprail.testkit.TestPoints;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class SerialSensorTest extends SensorTests {
  @Test
  void aSensorThatSendsByItselfIsHeard() throws Exception {
    Instrument scale = instrument(line -> "");
    SerialSensor sensor = sensor("port", scale.port(), "pattern", "(?<w>[+-] *[0-9.]+)kg");
    ReadPlan plan = plan(sensor, number("group:w"));
    await().until(() -> scale.clients() == 1);

    assertThat(failure(plan).getMessage()).contains("no frame has come");
    await()
        .until(
            () -> {
              scale.say("ST,+  0.000kg\r\n");
              RecordingSink sink = new RecordingSink();
              try {
                plan.read(sink, Deadline.in(Duration.ofSeconds(1)));
              } catch (DriverException e) {
                return false;
              }
              return new Value.Float64(0).equals(sink.value(0)) && sink.sourceTime(0) != null;
            });
  }

  @Test
  void aValueThatDoesNotComeAgainGoesStale() {
    Instrument scale = instrument(line -> "");
    SerialSensor sensor = sensor("port", scale.port(), "stale.ms", 300);
    ReadPlan plan = plan(sensor, number("text"));
    await().until(() -> scale.clients() == 1);
    await()
        .until(
            () -> {
              scale.say("7\r\n");
              return failure(plan) == null;
            });
    await().until(() -> failure(plan) != null);
    assertThat(failure(plan).getMessage()).contains("no frame has come for");
  }

  @Test
  void withoutAStaleTimeTheLastCodeOfABarcodeReaderStays() throws Exception {
    Instrument reader = instrument(line -> "");
    SerialSensor sensor = sensor("port", reader.port(), "stale.ms", 0);
    ReadPlan plan = plan(sensor, TestPoints.readable("code", "text", "text"));
    await().until(() -> failure(plan) == null && reader.clients() == 1);
    assertThat(read(plan).reason(0)).isEqualTo("no frame with this point has come yet");
    await()
        .until(
            () -> {
              reader.say("4006381333931\r\n");
              return new Value.Text("4006381333931").equals(read(plan).value(0));
            });
  }

  @Test
  void aPortThatIsNotThereIsTold() {
    Instrument gone = instrument(line -> "");
    gone.vanish();
    ReadPlan plan = plan(sensor("port", gone.port()), number("text"));
    await().until(() -> failure(plan).getMessage().contains("refused"));
    assertThat(failure(plan).kind()).isEqualTo(DriverException.Kind.TRANSIENT);
  }

  @Test
  void aListenerComesBackByItselfWhenThePortDoes() {
    Instrument scale = instrument(line -> "");
    ReadPlan plan = plan(sensor("port", scale.port(), "stale.ms", 60_000), number("text"));
    await().until(() -> scale.clients() == 1);
    scale.vanish();
    await().until(() -> failure(plan) != null);
    scale.comeBack();
    await()
        .until(
            () -> {
              scale.say("7\r\n");
              return failure(plan) == null;
            });
  }

  @Test
  void severalAddressesShareALineAndEachTakesItsOwnFrames() throws Exception {
    Instrument line = instrument(asked -> asked.charAt(1) + ":" + asked.charAt(1) + "0\n");
    Object[] first = {"port", line.port(), "mode", "ask", "request", "#${unit}\\n", "unit", "1"};
    Object[] second = {
      "port",
      line.port(),
      "mode",
      "ask",
      "request",
      "#${unit}\\n",
      "unit",
      "2",
      "frame.if",
      "^${unit}:"
    };
    SerialSensor one = sensor(first);
    SerialSensor two = sensor(second);
    assertThat(one.bus()).isEqualTo(two.bus());
    ReadPlan planOne = plan(one, number("chars:3..4"));
    ReadPlan planTwo = plan(two, number("chars:3..4"));
    for (int i = 0; i < 10; i++) {
      assertThat(read(planOne).value(0)).isEqualTo(new Value.Int(10));
      assertThat(read(planTwo).value(0)).isEqualTo(new Value.Int(20));
    }
    assertThat(line.clients()).isEqualTo(1);
  }

  @Test
  void devicesOfOneLineThatDoNotAgreeAreBothNamedUntilTheyDo() throws Exception {
    Instrument line = instrument(asked -> "1\n");
    SerialSensor slow =
        sensor("name", "slow", "port", line.port(), "mode", "ask", "request", "?\\n");
    SerialSensor fast =
        sensor(
            "name", "fast", "port", line.port(), "mode", "ask", "request", "?\\n", "baud", 19_200);
    ReadPlan plan = plan(slow, number("text"));
    assertThat(failure(plan).getMessage())
        .isEqualTo(
            "devices 'slow' and 'fast' share "
                + line.port()
                + " and must have the same settings of the line; found 9600 8N1 rs485 none and"
                + " 19200 8N1 rs485 none");
    fast.deactivate();
    assertThat(read(plan).value(0)).isEqualTo(new Value.Int(1));
  }

  @Test
  void aRareSentenceIsKeptAmongManyOthers() throws Exception {
    Instrument receiver = instrument(line -> "");
    SerialSensor sensor = sensor("port", receiver.port());
    ReadPlan plan = plan(sensor, number("column:2 if ^RARE,"), number("column:2 if ^OFTEN,"));
    await().until(() -> receiver.clients() == 1);
    await()
        .until(
            () -> {
              receiver.say("RARE,7\r\n");
              return failure(plan) == null && read(plan).value(0) != null;
            });
    receiver.say("OFTEN,1\r\n".repeat(200) + "OFTEN,2\r\n");
    await().until(() -> new Value.Int(2).equals(read(plan).value(1)));
    assertThat(read(plan).value(0)).isEqualTo(new Value.Int(7));
  }

  @Test
  void wrongSettingsAreTold() {
    Map<String, String> cases = new TreeMap<>();
    cases.put("port=", "port: expected a path such as /dev/ttyUSB0");
    cases.put("mode=both", "mode: expected listen or ask, found 'both'");
    cases.put(
        "frame=line", "frame: expected delimiter, start-end, fixed, length, silence, pattern");
    cases.put("frame.end=", "frame.end: expected 1..16 bytes");
    cases.put("checksum=crc", "checksum: expected none, xor");
    cases.put("request=X", "request: expected nothing with mode listen, found 'X'");
    cases.put("pattern=(", "pattern: expected a regular expression, found '('");
    cases.put("wake=x", "wake: expected nothing with mode listen, found 'x'");
    cases.put("confirm=OK", "confirm: expected nothing with mode listen, found 'OK'");
    cases.put("init=\\q", "init: expected \\r, \\n");
    cases.put("frame.length.mask=G", "frame.length.mask: expected nothing, or up to 2 hexadecimal");
    cases.put("frame.length.order=hex", "frame.length.order: expected big or little, found 'hex'");
    cases.put(
        "frame.escape.codes=ab", "frame.escape.codes, frame.escape.xor: expected one of them");
    cases.put("checksum.form=octal", "checksum.form: expected big, little, hex");
    cases.forEach(
        (setting, message) -> {
          String[] parts = setting.split("=", 2);
          Map<String, Object> properties = TestConfig.properties("port", "/dev/ttyS9");
          properties.put(parts[0], parts[0].equals("init") ? new String[] {parts[1]} : parts[1]);
          properties.put("frame", parts[0].startsWith("frame.length") ? "length" : "delimiter");
          properties.putAll(parts[0].equals("frame") ? Map.of("frame", parts[1]) : Map.of());
          properties.put("checksum", parts[0].startsWith("checksum.") ? "xor" : "none");
          properties.putAll(parts[0].equals("checksum") ? Map.of("checksum", parts[1]) : Map.of());
          SerialSensor sensor = TestConfig.sensor(properties, ports.lines);
          assertThatThrownBy(sensor::bus)
              .isInstanceOf(IllegalArgumentException.class)
              .hasMessageStartingWith(message);
        });
  }

  @Test
  void pointsThatCannotWorkAreNamed() {
    SerialSensor listening = sensor("port", "tcp://127.0.0.1:1");
    SerialSensor asking = sensor("port", "tcp://127.0.0.1:2", "mode", "ask");
    Map<Integer, String> errors = new TreeMap<>();
    listening.compile(List.of(number("text ask X"), number("set X")), errors::put);
    assertThat(errors.get(0)).contains("expected no 'ask' with mode listen");
    assertThat(errors.get(1)).contains("expected where the value stands");
    asking.compile(List.of(number("text")), errors::put);
    assertThat(errors.get(0)).contains("expected what is asked");
  }
}
