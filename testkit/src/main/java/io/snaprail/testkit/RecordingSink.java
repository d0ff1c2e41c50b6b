package io.snaprail.testkit;

import io.snaprail.api.driver.Sink;
import io.snaprail.api.model.Value;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Remembers what a plan delivers. Safe for any thread. */
public final class RecordingSink implements Sink {
  private final Map<Integer, List<Delivery>> deliveries = new TreeMap<>();
  private final Map<Integer, Instant> sourceTimes = new TreeMap<>();

  /**
   * One call of the sink: a value, or the reason why there is none.
   *
   * @param value null when there is none
   * @param reason null when there is a value
   */
  public record Delivery(@Nullable Value value, @Nullable String reason) {}

  @Override
  public void bool(int index, boolean raw) {
    add(index, new Delivery(new Value.Bool(raw), null));
  }

  @Override
  public void integer(int index, long raw) {
    add(index, new Delivery(new Value.Int(raw), null));
  }

  @Override
  public void float32(int index, float raw) {
    add(index, new Delivery(new Value.Float32(raw), null));
  }

  @Override
  public void float64(int index, double raw) {
    add(index, new Delivery(new Value.Float64(raw), null));
  }

  @Override
  public void text(int index, String raw) {
    add(index, new Delivery(new Value.Text(raw), null));
  }

  @Override
  public void bad(int index, String reason) {
    add(index, new Delivery(null, reason));
  }

  @Override
  public synchronized void sourceTime(int index, Instant time) {
    sourceTimes.put(index, time);
  }

  private synchronized void add(int index, Delivery delivery) {
    deliveries.computeIfAbsent(index, i -> new ArrayList<>()).add(delivery);
  }

  /** Indexes that were delivered, as a value or as bad, in ascending order. */
  public synchronized Set<Integer> indexes() {
    return new TreeSet<>(deliveries.keySet());
  }

  /** Everything that was delivered for an index, in order; empty when nothing was. */
  public synchronized List<Delivery> deliveries(int index) {
    return List.copyOf(deliveries.getOrDefault(index, List.of()));
  }

  /** The last value of an index; null when it has none or was bad. */
  public @Nullable Value value(int index) {
    Delivery last = last(index);
    return last == null ? null : last.value();
  }

  /** Why an index is bad; null when it has a value or was not delivered. */
  public @Nullable String reason(int index) {
    Delivery last = last(index);
    return last == null ? null : last.reason();
  }

  /** The device's own time stamp of an index; null when there is none. */
  public synchronized @Nullable Instant sourceTime(int index) {
    return sourceTimes.get(index);
  }

  private synchronized @Nullable Delivery last(int index) {
    List<Delivery> all = deliveries.get(index);
    return all == null ? null : all.get(all.size() - 1);
  }

  /** Forgets everything. */
  public synchronized void clear() {
    deliveries.clear();
    sourceTimes.clear();
  }
}
