package io.snaprail.mqtt.support;

import io.snaprail.api.uplink.Spool;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The least that keeps the contract of a spool. */
public final class FakeSpool implements Spool {
  private final TreeMap<Long, Entry> waiting = new TreeMap<>();
  private final List<Quarantined> quarantined = new ArrayList<>();
  private final Map<Lane, Long> read = new EnumMap<>(Lane.class);
  private final long capacity;
  private long nextId = 1;
  private int quarantineHolds = Integer.MAX_VALUE;
  private boolean closed;

  public FakeSpool(long capacity) {
    this.capacity = capacity;
  }

  @Override
  public synchronized long append(Lane lane, String topic, byte[] payload) {
    if (payload.length > capacity) {
      return -1;
    }
    long id = nextId++;
    waiting.put(id, new Entry(id, lane, topic, payload, Instant.EPOCH, false));
    notifyAll();
    return id;
  }

  @Override
  public synchronized @Nullable Entry next(List<Lane> lanes, Duration timeout)
      throws InterruptedException {
    long until = System.nanoTime() + timeout.toNanos();
    Entry next = first(lanes);
    while (next == null && until - System.nanoTime() > 0) {
      wait(1 + (until - System.nanoTime()) / 1_000_000);
      next = first(lanes);
    }
    return next;
  }

  private @Nullable Entry first(List<Lane> lanes) {
    for (Lane lane : lanes) {
      for (Entry entry : waiting.tailMap(read.getOrDefault(lane, 0L), false).values()) {
        if (entry.lane() == lane) {
          read.put(lane, entry.id());
          return entry;
        }
      }
    }
    return null;
  }

  @Override
  public synchronized void acknowledge(long id) {
    waiting.remove(id);
  }

  @Override
  public synchronized void rewind() {
    read.clear();
  }

  @Override
  public void reachable(boolean reachable) {}

  @Override
  public synchronized boolean quarantine(long id, String reason) {
    if (quarantined.size() >= quarantineHolds) {
      return false;
    }
    Entry entry = waiting.remove(id);
    return entry != null && quarantined.add(new Quarantined(entry, reason));
  }

  /** From now on no more than so many. */
  public synchronized void quarantineHolds(int most) {
    quarantineHolds = most;
  }

  @Override
  public synchronized List<Quarantined> quarantined() {
    return List.copyOf(quarantined);
  }

  @Override
  public synchronized boolean discard(long id) {
    return quarantined.removeIf(each -> each.entry().id() == id);
  }

  @Override
  public long durable(Lane lane) {
    return 0;
  }

  @Override
  public boolean awaitDurable(Lane lane, long id, Duration timeout) {
    return false;
  }

  @Override
  public Stats stats(Lane lane) {
    return stats();
  }

  @Override
  public synchronized Stats stats() {
    long bytes = waiting.values().stream().mapToLong(e -> e.payload().length).sum();
    return new Stats(waiting.size(), bytes, capacity, 0);
  }

  @Override
  public synchronized void close() {
    closed = true;
  }

  public synchronized boolean closed() {
    return closed;
  }
}
