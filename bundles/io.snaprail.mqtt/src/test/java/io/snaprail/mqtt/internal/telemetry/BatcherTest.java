package io.snaprail.mqtt.internal.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.snaprail.api.model.Sample;
import io.snaprail.api.model.SampleBatch;
import io.snaprail.api.model.Value;
import io.snaprail.api.mqtt.Payload;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class BatcherTest {
  private final List<String> flushed = new CopyOnWriteArrayList<>();
  private Batcher batcher;

  private void start(Duration time, int bytes) {
    batcher =
        new Batcher(
            "u",
            new Payload(Payload.JSON, "", "", time, bytes),
            (topic, batches) ->
                flushed.add(topic + batches.stream().map(SampleBatch::sequence).toList()),
            new Counters(),
            System::nanoTime);
    batcher.start();
  }

  private void send(String topic, long sequence) {
    batcher.send(
        topic,
        new SampleBatch(
            "d",
            sequence,
            Instant.EPOCH,
            List.of(Sample.good("x", new Value.Int(1), Instant.EPOCH))));
  }

  @AfterEach
  void end() {
    batcher.close();
  }

  @Test
  void cyclesOfATopicGoTogetherWhenTheFirstHasWaited() {
    start(Duration.ofMillis(300), 1 << 16);
    send("a", 1);
    send("b", 1);
    send("a", 2);
    await().until(() -> flushed.size() == 2);
    assertThat(flushed).containsExactly("a[1, 2]", "b[1]");
  }

  @Test
  void enoughBytesGoAtOnce() {
    start(Duration.ofMinutes(10), 1024);
    for (int i = 1; i <= 20; i++) {
      send("a", i);
    }
    await().until(() -> !flushed.isEmpty());
    assertThat(flushed.get(0)).startsWith("a[1, 2, 3");
    assertThat(flushed.get(0)).doesNotContain("20");
  }

  @Test
  void whatIsHeldGoesAtTheEnd() {
    start(Duration.ofMinutes(10), 1 << 16);
    send("a", 1);
    send("a", 2);
    batcher.close();
    assertThat(flushed).containsExactly("a[1, 2]");
    assertThat(Thread.getAllStackTraces().keySet())
        .noneMatch(thread -> thread.getName().equals("snaprail-mqtt-u-batch"));
  }
}
