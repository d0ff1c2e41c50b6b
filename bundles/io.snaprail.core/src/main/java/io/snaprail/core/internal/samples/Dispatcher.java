package io.snaprail.core.internal.samples;

import io.snaprail.api.health.MetricSource;
import io.snaprail.api.model.SampleBatch;
import io.snaprail.api.runtime.SampleListener;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import org.osgi.framework.Constants;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Hands every batch to every listener that is there now. Keyed by service id. */
@Component(service = {Dispatcher.class, MetricSource.class})
public final class Dispatcher implements MetricSource {
  private static final Logger LOG = LoggerFactory.getLogger(Dispatcher.class);
  private static final int MAX_CAPACITY = 1_000_000;

  private final Map<Long, ListenerQueue> queues = new ConcurrentHashMap<>();

  /** Starts without listeners; they come and go. */
  @Activate
  public Dispatcher() {}

  @Deactivate
  void stop() {
    queues.values().forEach(ListenerQueue::close);
    queues.clear();
  }

  /** Never blocks. */
  public void dispatch(SampleBatch batch) {
    for (ListenerQueue queue : queues.values()) {
      queue.offer(batch);
    }
  }

  @Reference(
      service = SampleListener.class,
      cardinality = ReferenceCardinality.MULTIPLE,
      policy = ReferencePolicy.DYNAMIC)
  void bindListener(SampleListener listener, Map<String, Object> properties) {
    long id = (Long) Objects.requireNonNull(properties.get(Constants.SERVICE_ID));
    Object name = properties.get("name");
    ListenerQueue queue =
        new ListenerQueue(
            name == null ? String.valueOf(id) : name.toString(), listener, capacity(properties));
    ListenerQueue before = queues.put(id, queue);
    if (before != null) {
      before.close();
    }
  }

  void unbindListener(Map<String, Object> properties) {
    ListenerQueue queue = queues.remove((Long) properties.get(Constants.SERVICE_ID));
    if (queue != null) {
      queue.close();
    }
  }

  private static int capacity(Map<String, Object> properties) {
    Object wish = properties.get(SampleListener.QUEUE_CAPACITY);
    if (wish == null) {
      return SampleListener.DEFAULT_QUEUE_CAPACITY;
    }
    if (wish instanceof Number number
        && number.longValue() >= 1
        && number.longValue() <= MAX_CAPACITY) {
      return number.intValue();
    }
    LOG.error(
        "Listener {}: {} expected 1..{}, found '{}'; using {}",
        properties.get(Constants.SERVICE_ID),
        SampleListener.QUEUE_CAPACITY,
        MAX_CAPACITY,
        wish,
        SampleListener.DEFAULT_QUEUE_CAPACITY);
    return SampleListener.DEFAULT_QUEUE_CAPACITY;
  }

  @Override
  public void collect(Collector collector) {
    for (ListenerQueue queue : queues.values()) {
      collector.counter(
          "snaprail_listener_dropped_batches_total",
          "Batches that a slow listener lost",
          (double) queue.dropped(),
          "listener",
          queue.name());
    }
  }
}
