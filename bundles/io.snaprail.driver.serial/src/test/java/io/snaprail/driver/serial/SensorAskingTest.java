package io.snaprail.driver.serial;

import static org.assertj.core.api.Assertions.assertThat;
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
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sensors that are asked: one thing after another on a line. */
class SensorAskingTest extends SensorTests {
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
  void whoJoinsAnOpenLineHasItsOpeningSequenceSentToo() throws Exception {
    Instrument device = instrument(asked -> "");
    SerialSensor first = sensor("port", device.port(), "init", new String[] {"A\\n", "B\\n"});
    await().until(() -> device.heard.size() == 2);
    sensor("port", device.port(), "init", new String[] {"B\\n", "C\\n"});
    await()
        .until(
            () -> {
              // What comes makes the line look up.
              device.say("1\r\n");
              return device.heard.size() == 3;
            });
    assertThat(device.heard).containsExactly("A", "B", "C");
    assertThat(first.bus()).startsWith("serial:");
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

  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void aLateAnswerIsNotTakenForTheAnswerToAnotherQuestion(int retries) throws Exception {
    AtomicReference<Instrument> far = new AtomicReference<>();
    Instrument device =
        instrument(
            asked -> {
              // Answers to A come 1.5 times the time-out after they were asked for, those to B in
              // time.
              boolean late = asked.equals("A?");
              CompletableFuture.delayedExecutor(late ? 300 : 150, TimeUnit.MILLISECONDS)
                  .execute(() -> far.get().say(late ? "1\n" : "2\n"));
              return "";
            });
    far.set(device);
    SerialSensor sensor =
        sensor("port", device.port(), "mode", "ask", "request.timeout.ms", 200, "retries", retries);
    ReadPlan plan = plan(sensor, number("text ask A?\\n"), number("text ask B?\\n"));
    for (int round = 0; round < 3; round++) {
      RecordingSink sink = read(plan);
      assertThat(sink.value(1)).isEqualTo(new Value.Int(2));
      assertThat(sink.value(0)).isIn(null, new Value.Int(1));
    }
    assertThat(device.heard).contains("A?", "B?");
  }

  @Test
  void aCommandWithoutConfirmationKeepsToPausesAndWakesTheDevice() throws Exception {
    Instrument device = instrument(asked -> "");
    SerialSensor sensor = sensor("port", device.port(), "mode", "ask", "wake", "\\n");
    PointDefinition point = TestPoints.writable("sp", "set SP ${value}\\n", "number");
    sensor.write(point, new Value.Int(3), Deadline.in(Duration.ofSeconds(5)));
    await().untilAsserted(() -> assertThat(device.heard).containsExactly("", "SP 3"));
  }

  @Test
  void aTimeOutBeginsWhenTheRequestWasSent() throws Exception {
    Instrument device = instrument(asked -> asked.equals("?") ? "5\n" : "");
    SerialSensor sensor =
        sensor(
            "port",
            device.port(),
            "mode",
            "ask",
            "request",
            "?\\n",
            "wake",
            "\\n",
            "wake.pause.ms",
            300,
            "request.timeout.ms",
            200,
            "retries",
            0);
    assertThat(read(plan(sensor, number("text"))).value(0)).isEqualTo(new Value.Int(5));
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
}
