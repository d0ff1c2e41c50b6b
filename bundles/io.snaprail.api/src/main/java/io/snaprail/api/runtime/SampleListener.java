package io.snaprail.api.runtime;

import io.snaprail.api.model.SampleBatch;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Takes every batch of samples. Register it as a service; the core gives each listener a bounded
 * queue and calls it from one thread at a time, in order per device. A slow listener loses its own
 * oldest batches, which are counted, and never anyone else's.
 */
@ConsumerType
@FunctionalInterface
public interface SampleListener {
  /** Service property: how many batches may wait for this listener, 1..1,000,000. */
  String QUEUE_CAPACITY = "queue.capacity";

  /** Queue capacity where the service sets none. */
  int DEFAULT_QUEUE_CAPACITY = 1024;

  /** Takes the next batch. An exception is logged and the listener goes on with the next. */
  void samples(SampleBatch batch);
}
