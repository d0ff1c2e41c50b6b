package io.snaprail.mqtt.internal.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.snaprail.api.health.Problem;
import io.snaprail.api.model.Sample;
import io.snaprail.api.model.SampleBatch;
import io.snaprail.api.model.Value;
import io.snaprail.api.mqtt.Payload;
import io.snaprail.api.mqtt.Selection;
import io.snaprail.api.uplink.Spool;
import io.snaprail.mqtt.internal.encoding.ClockSteps;
import io.snaprail.mqtt.internal.encoding.Encodings;
import io.snaprail.mqtt.support.FakeBoard;
import io.snaprail.mqtt.support.FakeSpool;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TelemetryTest {
  private final FakeSpool spool = new FakeSpool(500);
  private final Counters counters = new Counters();
  private final FakeBoard board = new FakeBoard();
  private final UplinkProblems problems = new UplinkProblems(board, "u", System::nanoTime);
  private final Encoder encoder =
      new Encoder(
          Encodings.of(Payload.DEFAULT, Map.of()),
          () -> "b",
          () -> Spool.Lane.NORMAL,
          new Queue(spool, new ClockSteps(true)),
          new Encoder.Trouble(counters, problems));
  private final Telemetry telemetry =
      new Telemetry(
          new Telemetry.What(
              new DeviceFilter(List.of("d*")),
              TopicTemplate.parse("t/{{device}}", Map.of()),
              new ChangeFilter(Selection.EVERYTHING, System::nanoTime)),
          (topic, batch) -> encoder.send(topic, List.of(batch)),
          counters,
          problems);

  private void send(String device, Value value) {
    telemetry.samples(
        new SampleBatch(device, 1, Instant.EPOCH, List.of(Sample.good("x", value, Instant.EPOCH))));
  }

  private List<String> told() {
    problems.tick();
    return board.of("uplink:u").stream().map(Problem::message).toList();
  }

  @Test
  void onlySelectedDevicesAreSentToTheirTopic() throws Exception {
    send("other", new Value.Int(1));
    send("d1", new Value.Int(1));
    Spool.Entry entry = spool.next(Duration.ZERO);
    assertThat(entry.topic()).isEqualTo("t/d1");
    assertThat(spool.next(Duration.ZERO)).isNull();
    assertThat(told()).isEmpty();
  }

  @Test
  void deviceThatCannotBeAddressedIsToldOnceAndStopsNobodyElse() {
    send("d+1", new Value.Int(1));
    send("d+1", new Value.Int(1));
    send("d2", new Value.Int(1));
    assertThat(told()).singleElement().asString().contains("device 'd+1'", "are not sent");
    assertThat(counters.rejected()).isEqualTo(2);
    assertThat(spool.stats().entries()).isEqualTo(1);
  }

  @Test
  void messageThatDoesNotFitIntoTheSpoolIsToldUntilOneFits() {
    send("d", new Value.Text("x".repeat(600)));
    assertThat(told()).singleElement().asString().contains("spool.bytes", "'d'");
    send("d", new Value.Int(1));
    assertThat(told()).isEmpty();
  }
}
