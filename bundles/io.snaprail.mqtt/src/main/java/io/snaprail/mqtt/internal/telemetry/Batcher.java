package io.snaprail.mqtt.internal.telemetry;

import io.snaprail.api.model.Sample;
import io.snaprail.api.model.SampleBatch;
import io.snaprail.api.model.Value;
import io.snaprail.api.mqtt.Payload;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps cycles for a while, so that those with the same topic go in one message. A topic's cycles
 * go when the first of them has waited long enough or there are enough bytes of them; and those
 * that have waited longest when all topics together hold too much. By a thread of its own, which
 * alone encodes.
 */
final class Batcher implements Telemetry.Sender, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Batcher.class);
  private static final int QUEUE = 1024;
  private static final long MOST_BYTES = 16L << 20;
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(1);
  private static final Duration JOIN = Duration.ofSeconds(2);

  private final Payload payload;
  private final BiConsumer<String, List<SampleBatch>> encoder;
  private final Counters counters;
  private final LongSupplier nanoTime;
  private final BlockingQueue<Incoming> queue = new ArrayBlockingQueue<>(QUEUE);
  private final Thread thread;
  // By the thread alone. In the order in which they are due.
  private final Map<String, Held> held = new LinkedHashMap<>();
  private long heldBytes;
  private volatile boolean closed;

  private record Incoming(String topic, SampleBatch batch) {}

  /** Cycles of a topic. */
  private static final class Held {
    final List<SampleBatch> batches = new ArrayList<>();
    final long since;
    long bytes;

    Held(long since) {
      this.since = since;
    }
  }

  /** Makes one that is not yet started. */
  Batcher(
      String name,
      Payload payload,
      BiConsumer<String, List<SampleBatch>> encoder,
      Counters counters,
      LongSupplier nanoTime) {
    this.payload = payload;
    this.encoder = encoder;
    this.counters = counters;
    this.nanoTime = nanoTime;
    this.thread = new Thread(this::run, "snaprail-mqtt-" + name + "-batch");
    this.thread.setDaemon(true);
  }

  void start() {
    thread.start();
  }

  @Override
  public void send(String topic, SampleBatch batch) {
    try {
      // A moment's patience: the core's queue in front of this one is far longer.
      if (!queue.offer(
          new Incoming(topic, batch), LONGEST_WAIT.toMillis(), TimeUnit.MILLISECONDS)) {
        counters.reject();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      counters.reject();
    }
  }

  /** Encodes what is held, and ends the thread. */
  @Override
  public void close() {
    closed = true;
    thread.interrupt();
    try {
      thread.join(JOIN.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  // A task begins here: nothing that is thrown may end the thread.
  @SuppressWarnings("CatchingUnchecked")
  private void run() {
    while (!closed) {
      try {
        step();
      } catch (InterruptedException e) {
        LOG.debug("{} ends", Thread.currentThread().getName());
      } catch (Throwable t) {
        LOG.error("cycles are lost by an internal fault; going on with the next", t);
      }
    }
    for (Incoming last = queue.poll(); last != null; last = queue.poll()) {
      hold(last);
    }
    while (!held.isEmpty()) {
      flushOldest();
    }
  }

  private void step() throws InterruptedException {
    Incoming next = queue.poll(untilDue(), TimeUnit.NANOSECONDS);
    if (next != null) {
      hold(next);
    }
    while (!held.isEmpty() && (untilDue() <= 0 || heldBytes > MOST_BYTES)) {
      flushOldest();
    }
  }

  private long untilDue() {
    Held oldest = oldest();
    return oldest == null
        ? LONGEST_WAIT.toNanos()
        : oldest.since + payload.batch().toNanos() - nanoTime.getAsLong();
  }

  private @Nullable Held oldest() {
    Iterator<Held> all = held.values().iterator();
    return all.hasNext() ? all.next() : null;
  }

  private void hold(Incoming next) {
    Held topic = held.computeIfAbsent(next.topic(), name -> new Held(nanoTime.getAsLong()));
    long bytes = estimate(next.batch());
    topic.batches.add(next.batch());
    topic.bytes += bytes;
    heldBytes += bytes;
    if (topic.bytes >= payload.batchBytes()) {
      flush(next.topic());
    }
  }

  private void flushOldest() {
    flush(held.keySet().iterator().next());
  }

  private void flush(String topic) {
    Held ready = held.remove(topic);
    if (ready != null) {
      heldBytes -= ready.bytes;
      encoder.accept(topic, ready.batches);
    }
  }

  /** About what it takes in JSON; the encoding itself keeps to the limit. */
  private static long estimate(SampleBatch batch) {
    long bytes = 90L + batch.device().length();
    for (Sample sample : batch.samples()) {
      bytes += 25L + sample.point().length() + sample.reason().length();
      bytes += sample.value() instanceof Value.Text text ? text.value().length() : 0;
    }
    return bytes;
  }
}
