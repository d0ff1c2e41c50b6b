package io.snaprail.storage.internal.spool;

import io.snaprail.api.uplink.Spool;
import io.snaprail.storage.internal.spool.LaneQueue.Node;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A spool in memory. All lanes share the capacity; when it is used up, the oldest entries of the
 * least urgent lane are given up, but never one that is more urgent than what is appended:
 * telemetry never drives out an alarm.
 */
final class MemorySpool implements Spool {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition arrived = lock.newCondition();
  private final Map<Lane, LaneQueue> lanes = new EnumMap<>(Lane.class);

  /** What may be given up for an entry of a lane: that lane and the less urgent, least first. */
  private final Map<Lane, List<LaneQueue>> victims = new EnumMap<>(Lane.class);

  private final Map<Long, Node> index = new HashMap<>();
  private final long capacityBytes;
  private final Clock clock;
  private final Runnable onClose;

  private long lastId;
  private long bytes;
  private long dropped;
  private boolean closed;

  MemorySpool(long capacityBytes, Clock clock, Runnable onClose) {
    this.capacityBytes = capacityBytes;
    this.clock = clock;
    this.onClose = onClose;
    List<LaneQueue> soFar = new ArrayList<>();
    for (Lane lane : List.of(Lane.BULK, Lane.NORMAL, Lane.ALARM)) {
      LaneQueue queue = new LaneQueue();
      lanes.put(lane, queue);
      soFar.add(queue);
      victims.put(lane, List.copyOf(soFar));
    }
  }

  /** {@inheritDoc} A closed spool takes nothing. */
  @Override
  public long append(Lane lane, String topic, byte[] payload) {
    long size = payload.length + (long) topic.getBytes(StandardCharsets.UTF_8).length;
    lock.lock();
    try {
      if (closed) {
        return -1;
      }
      if (!makeRoom(lane, size)) {
        dropped++;
        return -1;
      }
      Entry entry = new Entry(++lastId, lane, topic, payload, clock.instant(), false);
      LaneQueue queue = Objects.requireNonNull(lanes.get(lane));
      Node node = new Node(entry, queue, size);
      queue.append(node);
      index.put(entry.id(), node);
      bytes += size;
      arrived.signal();
      return entry.id();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Whether there is room now: gives up from the least urgent lane up to the given one, and nothing
   * at all when that would not help.
   */
  private boolean makeRoom(Lane lane, long size) {
    List<LaneQueue> candidates = victims.getOrDefault(lane, List.of());
    long possible = candidates.stream().mapToLong(LaneQueue::bytes).sum();
    if (bytes - possible + size > capacityBytes) {
      return false;
    }
    candidates.forEach(queue -> giveUp(queue, size));
    return true;
  }

  private void giveUp(LaneQueue queue, long size) {
    Node victim = queue.oldest();
    while (victim != null && bytes + size > capacityBytes) {
      remove(victim);
      dropped++;
      victim = queue.oldest();
    }
  }

  private void remove(Node node) {
    node.queue.remove(node);
    index.remove(node.entry.id());
    bytes -= node.bytes;
  }

  @Override
  public @Nullable Entry next(Duration timeout) throws InterruptedException {
    long left = timeout.toNanos();
    lock.lockInterruptibly();
    try {
      Entry entry = read();
      while (entry == null && left > 0 && !closed) {
        left = arrived.awaitNanos(left);
        entry = read();
      }
      return entry;
    } finally {
      lock.unlock();
    }
  }

  private @Nullable Entry read() {
    for (LaneQueue queue : lanes.values()) {
      Node node = queue.read();
      if (node != null) {
        Entry entry = node.entry;
        boolean again = node.read;
        node.read = true;
        return again
            ? new Entry(
                entry.id(), entry.lane(), entry.topic(), entry.payload(), entry.created(), true)
            : entry;
      }
    }
    return null;
  }

  @Override
  public void acknowledge(long id) {
    lock.lock();
    try {
      Node node = index.get(id);
      if (node != null) {
        remove(node);
      }
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void rewind() {
    lock.lock();
    try {
      lanes.values().forEach(LaneQueue::rewind);
      arrived.signalAll();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public Stats stats() {
    lock.lock();
    try {
      return new Stats(index.size(), bytes, capacityBytes, dropped);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    lock.lock();
    try {
      if (closed) {
        return;
      }
      closed = true;
      arrived.signalAll();
    } finally {
      lock.unlock();
    }
    onClose.run();
  }
}
