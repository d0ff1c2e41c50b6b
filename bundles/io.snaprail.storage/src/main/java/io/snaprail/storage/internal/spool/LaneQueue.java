package io.snaprail.storage.internal.spool;

import io.snaprail.api.uplink.Spool.Entry;
import org.jspecify.annotations.Nullable;

/**
 * The entries of one lane in the order of their ids: those that were read and wait for their
 * acknowledgement first, then those that were not read. Every operation takes constant time.
 */
final class LaneQueue {
  private @Nullable Node first;
  private @Nullable Node last;
  private @Nullable Node unread;
  private long bytes;

  /** An entry and its neighbours. */
  static final class Node {
    final Entry entry;
    final LaneQueue queue;
    final long bytes;
    boolean read;
    private @Nullable Node before;
    private @Nullable Node after;

    Node(Entry entry, LaneQueue queue, long bytes) {
      this.entry = entry;
      this.queue = queue;
      this.bytes = bytes;
    }
  }

  /** Size of all entries. */
  long bytes() {
    return bytes;
  }

  void append(Node node) {
    bytes += node.bytes;
    node.before = last;
    if (last == null) {
      first = node;
    } else {
      last.after = node;
    }
    last = node;
    if (unread == null) {
      unread = node;
    }
  }

  void remove(Node node) {
    bytes -= node.bytes;
    Node before = node.before;
    Node after = node.after;
    if (before == null) {
      first = after;
    } else {
      before.after = after;
    }
    if (after == null) {
      last = before;
    } else {
      after.before = before;
    }
    if (unread == node) {
      unread = after;
    }
  }

  /** The first entry that has not been read since the last rewind; null when there is none. */
  @Nullable Node read() {
    Node node = unread;
    if (node != null) {
      unread = node.after;
    }
    return node;
  }

  void rewind() {
    unread = first;
  }

  /**
   * What to give up when there is no room: the oldest that nobody has read, because what was read
   * may have arrived; else the oldest. Null when the lane is empty.
   */
  @Nullable Node oldest() {
    return unread != null ? unread : first;
  }
}
