package io.snaprail.localiot.internal.broker;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jspecify.annotations.Nullable;

/**
 * Who wants which topics: a tree of levels. Differs from MQTT 3.1.1 section 4.7.1.2 as AWS IoT Core
 * does: {@code sensor/#} does not match {@code sensor}. Wildcards in the first level never match
 * topics that begin with {@code $} [MQTT-4.7.2-1]. Safe for any thread.
 *
 * @param <S> subscribers, compared by equals
 */
final class SubscriptionIndex<S> {
  private final Node<S> root = new Node<>();
  private final ReadWriteLock lock = new ReentrantReadWriteLock();

  /** Adds a subscription or replaces its QoS. */
  void add(String filter, S subscriber, int qos) {
    lock.writeLock().lock();
    try {
      Node<S> node = root;
      for (String level : levels(filter)) {
        node = node.children.computeIfAbsent(level, unused -> new Node<>());
      }
      node.subscribers.put(subscriber, qos);
    } finally {
      lock.writeLock().unlock();
    }
  }

  /** Removes a subscription, if there is one. */
  void remove(String filter, S subscriber) {
    lock.writeLock().lock();
    try {
      remove(root, levels(filter), 0, subscriber);
    } finally {
      lock.writeLock().unlock();
    }
  }

  /** Every subscriber that wants a topic, once, with the highest QoS of its subscriptions. */
  Map<S, Integer> match(String topic) {
    Map<S, Integer> found = new HashMap<>();
    lock.readLock().lock();
    try {
      collect(root, levels(topic), 0, found);
    } finally {
      lock.readLock().unlock();
    }
    return found;
  }

  /** Whether nobody is subscribed and nothing is kept. */
  boolean isEmpty() {
    lock.readLock().lock();
    try {
      return root.isEmpty();
    } finally {
      lock.readLock().unlock();
    }
  }

  private static String[] levels(String topic) {
    return topic.split("/", -1);
  }

  private static <S> void remove(Node<S> node, String[] levels, int depth, S subscriber) {
    if (depth == levels.length) {
      node.subscribers.remove(subscriber);
      return;
    }
    Node<S> child = node.children.get(levels[depth]);
    if (child == null) {
      return;
    }
    remove(child, levels, depth + 1, subscriber);
    if (child.isEmpty()) {
      node.children.remove(levels[depth]);
    }
  }

  private static <S> void collect(Node<S> node, String[] levels, int depth, Map<S, Integer> found) {
    if (depth == levels.length) {
      merge(node, found);
      return;
    }
    boolean wildcards = depth > 0 || !levels[0].startsWith("$");
    Node<S> all = wildcards ? node.children.get("#") : null;
    if (all != null) {
      merge(all, found);
    }
    descend(wildcards ? node.children.get("+") : null, levels, depth, found);
    descend(node.children.get(levels[depth]), levels, depth, found);
  }

  private static <S> void descend(
      @Nullable Node<S> child, String[] levels, int depth, Map<S, Integer> found) {
    if (child != null) {
      collect(child, levels, depth + 1, found);
    }
  }

  private static <S> void merge(Node<S> node, Map<S, Integer> found) {
    node.subscribers.forEach((subscriber, qos) -> found.merge(subscriber, qos, Math::max));
  }

  private static final class Node<S> {
    final Map<String, Node<S>> children = new HashMap<>(4);
    final Map<S, Integer> subscribers = new HashMap<>(4);

    boolean isEmpty() {
      return children.isEmpty() && subscribers.isEmpty();
    }
  }
}
