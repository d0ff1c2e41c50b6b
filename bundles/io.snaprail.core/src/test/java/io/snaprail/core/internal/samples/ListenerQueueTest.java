package io.snaprail.core.internal.samples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.snaprail.api.model.Sample;
import io.snaprail.api.model.SampleBatch;
import io.snaprail.api.model.Value;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class ListenerQueueTest {
  private final List<Long> taken = new CopyOnWriteArrayList<>();

  private static SampleBatch batch(long sequence) {
    Sample sample = Sample.good("x", new Value.Int(sequence), Instant.EPOCH);
    return new SampleBatch("d", sequence, Instant.EPOCH, List.of(sample));
  }

  @Test
  void losesItsOldestAndCountsThemWhenTheListenerIsSlow() {
    CountDownLatch gate = new CountDownLatch(1);
    try (ListenerQueue queue =
        new ListenerQueue(
            "slow",
            batch -> {
              taken.add(batch.sequence());
              awaitGate(gate);
            },
            2)) {
      queue.offer(batch(1));
      await().until(() -> taken.size() == 1);
      for (int i = 2; i <= 5; i++) {
        queue.offer(batch(i));
      }
      assertThat(queue.dropped()).isEqualTo(2);
      gate.countDown();
      await().untilAsserted(() -> assertThat(taken).containsExactly(1L, 4L, 5L));
    }
  }

  private static void awaitGate(CountDownLatch gate) {
    try {
      gate.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void goesOnAfterAListenerThatThrowsOrLeavesItsThreadInterrupted() {
    try (ListenerQueue queue =
        new ListenerQueue(
            "careless",
            batch -> {
              taken.add(batch.sequence());
              Thread.currentThread().interrupt();
              throw new IllegalStateException("bug");
            },
            10)) {
      queue.offer(batch(1));
      await().until(() -> taken.size() == 1);
      queue.offer(batch(2));
      await().untilAsserted(() -> assertThat(taken).containsExactly(1L, 2L));
    }
  }

  @Test
  void endsItsThreadWhenClosed() {
    ListenerQueue queue = new ListenerQueue("ends", batch -> taken.add(batch.sequence()), 10);
    queue.close();
    await()
        .until(
            () ->
                Thread.getAllStackTraces().keySet().stream()
                    .noneMatch(t -> t.getName().equals("snaprail-samples-ends")));
  }
}
