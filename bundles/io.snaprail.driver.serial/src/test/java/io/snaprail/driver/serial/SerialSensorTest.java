package io.snaprail.driver.serial;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import io.snaprail.api.driver.Deadline;
import io.snaprail.api.driver.DriverException;
import io.snaprail.api.driver.ReadPlan;
import io.snaprail.api.model.PointDefinition;
import io.snaprail.api.model.Value;
import io.snaprail.testkit.RecordingSink;
import io.snaprail.testkit.TestPoints;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SerialSensorTest {
  private final Ports ports = new Ports();
  private final Deque<AutoCloseable> opened = new ArrayDeque<>();

  @AfterEach
  void close() throws Exception {
    while (!opened.isEmpty()) {
      opened.pop().close();
    }
    ports.close();
  }

  private Instrument instrument(java.util.function.Function<String, String> answers) {
    Instrument instrument = new Instrument(answers);
    opened.push(instrument);
    return instrument;
  }

  private SerialSensor sensor(Object... keysAndValues) {
    SerialSensor sensor = ports.sensor(keysAndValues);
    opened.push(sensor::deactivate);
    return sensor;
  }

  private static ReadPlan plan(SerialSensor sensor, PointDefinition... points) {
    return sensor.compile(
        Arrays.asList(points),
        (index, message) -> {
          throw new AssertionError(message);
        });
  }

  private static PointDefinition number(String address) {
    return TestPoints.readable("p", address, "number");
  }

  private static RecordingSink read(ReadPlan plan) throws DriverException {
    RecordingSink sink = new RecordingSink();
    plan.read(sink, Deadline.in(Duration.ofSeconds(5)));
    return sink;
  }

  private static DriverException failure(ReadPlan plan) {
    return catchThrowableOfType(DriverException.class, () -> read(plan));
  }

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
  void pointsWithTheSameRequestShareItAndOthersHaveTheirOwn() throws Exception {
    Instrument meter =
        instrument(
            asked ->
                switch (asked) {
                  case "V?" -> "230.1\n";
                  case "I?" -> "0\n";
                  default -> "";
                });
    SerialSensor sensor = sensor("port", meter.port(), "mode", "ask", "request.timeout.ms", 5000);
    RecordingSink sink =
        read(
            plan(
                sensor,
                number("text ask V?\\n"),
                number("text ask I?\\n"),
                TestPoints.readable("t", "text ask V?\\n", "text")));
    assertThat(sink.value(0)).isEqualTo(new Value.Float64(230.1));
    assertThat(sink.value(1)).isEqualTo(new Value.Int(0));
    assertThat(sink.value(2)).isEqualTo(new Value.Text("230.1"));
    assertThat(meter.heard).containsExactly("V?", "I?");
  }

  @Test
  void aDamagedAnswerIsAskedAgainAndNeverTaken() throws Exception {
    Deque<String> answers = new ArrayDeque<>(List.of("$21.5*00\r\n", "$21.5*18\r\n"));
    Instrument probe = instrument(asked -> answers.poll());
    SerialSensor sensor =
        sensor(
            "port", probe.port(),
            "mode", "ask",
            "request", "?\\n",
            "frame.start", "$",
            "frame.end", "\\r\\n",
            "checksum", "xor",
            "checksum.from", 1,
            "checksum.to", -5,
            "checksum.at", -4,
            "checksum.form", "hex",
            "request.timeout.ms", 400);
    RecordingSink sink = read(plan(sensor, number("chars:1..4")));
    assertThat(sink.value(0)).isEqualTo(new Value.Float64(21.5));
    assertThat(probe.heard).hasSize(2);
    assertThat(sensor.inspect().facts().toString()).contains("weak");
  }

  @Test
  void anEchoIsCheckedAndTakenOff() throws Exception {
    Instrument echoing = instrument(asked -> asked + "\n" + "5\n");
    SerialSensor sensor =
        sensor("port", echoing.port(), "mode", "ask", "request", "R\\n", "request.echo", true);
    assertThat(read(plan(sensor, number("text"))).value(0)).isEqualTo(new Value.Int(5));

    Instrument other = instrument(asked -> "X\n5\n");
    SerialSensor wrong =
        sensor("port", other.port(), "mode", "ask", "request", "R\\n", "request.echo", true);
    assertThat(failure(plan(wrong, number("text"))).getMessage())
        .endsWith("expected the echo of 'R\\n', found 'X\\n'");
  }

  @Test
  void theOpeningSequenceIsSentOnceForEachConnection() throws Exception {
    Instrument device = instrument(asked -> asked.equals("?") ? "1\n" : "");
    SerialSensor sensor =
        sensor(
            "port",
            device.port(),
            "mode",
            "ask",
            "request",
            "?\\n",
            "init",
            new String[] {"MODE 1\\n", "RATE 2\\n"},
            "init.pause.ms",
            20);
    ReadPlan plan = plan(sensor, number("text"));
    read(plan);
    read(plan);
    assertThat(device.heard).containsExactly("MODE 1", "RATE 2", "?", "?");
    device.vanish();
    assertThat(failure(plan)).isNotNull();
    device.comeBack();
    read(plan);
    assertThat(device.heard.subList(4, 7)).containsExactly("MODE 1", "RATE 2", "?");
  }

  @Test
  void aCommandThatIsNotConfirmedHasFailedAndIsNotRepeated() throws Exception {
    Instrument device = instrument(asked -> "ERR 5\n");
    SerialSensor sensor = sensor("port", device.port(), "mode", "ask", "confirm", "^OK");
    PointDefinition point = TestPoints.writable("sp", "set SP ${value}\\n", "number");
    DriverException refused =
        catchThrowableOfType(
            DriverException.class,
            () -> sensor.write(point, new Value.Int(3), Deadline.in(Duration.ofSeconds(5))));
    assertThat(refused.kind()).isEqualTo(DriverException.Kind.DEVICE);
    assertThat(refused.getMessage()).endsWith("found 'ERR 5'");
    assertThat(device.heard).containsExactly("SP 3");
  }

  @Test
  void aLateAnswerIsNotTakenForTheNext() throws Exception {
    Instrument[] device = new Instrument[1];
    int[] asked = new int[1];
    device[0] =
        instrument(
            line -> {
              int number = ++asked[0];
              // The first answer comes only when the second request has been heard... of nobody.
              return number == 1 ? "" : number + "\n";
            });
    SerialSensor sensor =
        sensor(
            "port",
            device[0].port(),
            "mode",
            "ask",
            "request",
            "?\\n",
            "retries",
            0,
            "request.timeout.ms",
            200);
    ReadPlan plan = plan(sensor, number("text"));
    assertThat(failure(plan).getMessage()).contains("no answer to '?\\n' within 200 ms");
    device[0].say("1\n");
    assertThat(read(plan).value(0)).isEqualTo(new Value.Int(2));
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
    cases.put("wake=\\q", "wake: expected \\r, \\n");
    cases.forEach(
        (setting, message) -> {
          String[] parts = setting.split("=", 2);
          Map<String, Object> properties = TestConfig.properties("port", "/dev/ttyS9");
          properties.put(parts[0], parts[1]);
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
