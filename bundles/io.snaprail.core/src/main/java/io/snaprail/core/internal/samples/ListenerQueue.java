package io.snaprail.core.internal.samples;

import io.snaprail.api.model.SampleBatch;
import io.snaprail.api.runtime.SampleListener;
import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One listener's bounded queue and the thread that empties it. When it is full the oldest batch
 * makes room and is counted, so a slow listener costs nobody else anything.
 */
final class ListenerQueue implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ListenerQueue.class);
  private static final long IDLE_WAIT_SECONDS = 60;

  private final String name;
  private final SampleListener listener;
  private final int capacity;
  private final Thread thread;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition filled = lock.newCondition();
  private final ArrayDeque<SampleBatch> waiting = new ArrayDeque<>();
  private long dropped;
  private boolean failing;
  private boolean closed;

  ListenerQueue(String name, SampleListener listener, int capacity) {
    this.name = name;
    this.listener = listener;
    this.capacity = capacity;
    thread = new Thread(this::run, "snaprail-samples-" + name);
    thread.setDaemon(true);
    thread.start();
  }

  /** Never blocks for longer than it takes to put one element into a queue. */
  void offer(SampleBatch batch) {
    lock.lock();
    try {
      if (waiting.size() >= capacity) {
        waiting.removeFirst();
        if (dropped++ == 0) {
          LOG.warn("Listener {} is too slow: its oldest samples are dropped", name);
        }
      }
      waiting.addLast(batch);
      filled.signal();
    } finally {
      lock.unlock();
    }
  }

  long dropped() {
    lock.lock();
    try {
      return dropped;
    } finally {
      lock.unlock();
    }
  }

  String name() {
    return name;
  }

  private void run() {
    for (SampleBatch batch = take(); batch != null; batch = take()) {
      deliver(batch);
    }
  }

  /** The next batch; null when the queue is closed. */
  private @Nullable SampleBatch take() {
    lock.lock();
    try {
      while (waiting.isEmpty() && !closed) {
        awaitFilled();
      }
      return closed ? null : waiting.removeFirst();
    } finally {
      lock.unlock();
    }
  }

  /** Only close() ends the thread: a listener that leaves it interrupted must not. */
  private void awaitFilled() {
    try {
      while (waiting.isEmpty() && !closed) {
        boolean signalled = filled.await(IDLE_WAIT_SECONDS, TimeUnit.SECONDS);
        LOG.trace("Listener {} woke up, signalled: {}", name, signalled);
      }
    } catch (InterruptedException e) {
      LOG.trace("Listener {} was interrupted", name, e);
    }
  }

  /** A foreign call: whatever it throws must not end the thread. */
  private void deliver(SampleBatch batch) {
    try {
      listener.samples(batch);
      failing = false;
    } catch (Throwable e) {
      if (!failing) {
        LOG.error("Listener {} failed on a batch of device {}", name, batch.device(), e);
      }
      failing = true;
    }
  }

  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      waiting.clear();
      filled.signal();
    } finally {
      lock.unlock();
    }
    thread.interrupt();
  }
}
