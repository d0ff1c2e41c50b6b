package io.snaprail.api.uplink;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ProviderType;

/**
 * An uplink's queue between encoding and acknowledgement. Entries leave it only when they are
 * acknowledged, or by the eviction policy of their lane, which is counted. Any number of threads
 * may append; one thread at a time reads.
 */
@ProviderType
public interface Spool extends AutoCloseable {

  /** Urgency of an entry; lanes are read in this order unless asked otherwise. */
  enum Lane {
    /** Alarms and answers to people. */
    ALARM,
    /** Ordinary telemetry. */
    NORMAL,
    /** What may wait: history, backlog. */
    BULK
  }

  /** The order in which lanes are read unless asked otherwise. */
  List<Lane> BY_URGENCY = List.of(Lane.ALARM, Lane.NORMAL, Lane.BULK);

  /**
   * What waits to be sent.
   *
   * @param id grows in the order of appending, also over restarts; never 0
   * @param lane urgency
   * @param topic where it goes
   * @param payload what goes; owned by the entry, not to be changed
   * @param created when it was appended, to the millisecond
   * @param replayed whether it may have been read before: after a rewind or restart
   */
  @SuppressWarnings("ArrayRecordComponent") // the payload is handed over, not copied: it is large
  record Entry(
      long id, Lane lane, String topic, byte[] payload, Instant created, boolean replayed) {

    /** Checks that nothing is missing. */
    public Entry {
      Objects.requireNonNull(lane, "lane");
      Objects.requireNonNull(topic, "topic");
      Objects.requireNonNull(payload, "payload");
      Objects.requireNonNull(created, "created");
    }

    /** What it counts for: bytes of topic and payload. */
    public long bytes() {
      return payload.length + utf8Length(topic);
    }

    private static long utf8Length(String text) {
      long bytes = text.length();
      for (int i = 0; i < text.length(); i++) {
        char c = text.charAt(i);
        if (c >= 0x80) {
          // A pair of surrogates is four bytes, a lone one becomes '?'; both have at most this.
          bytes += c >= 0x800 && !Character.isSurrogate(c) ? 2 : 1;
        }
      }
      return bytes;
    }
  }

  /**
   * Figures of a spool.
   *
   * @param entries entries that wait or are in flight
   * @param bytes their size: topics and payloads
   * @param capacityBytes what they may take at most
   * @param dropped entries evicted before they were acknowledged, since it was opened
   */
  record Stats(long entries, long bytes, long capacityBytes, long dropped) {}

  /**
   * Appends an entry. Never blocks, not even on the disk: an id says that the entry is taken; when
   * it is safe is told by {@link #durable}. When the lane is full its policy decides what is
   * evicted.
   *
   * @param topic up to 65,535 bytes
   * @return the entry's id, or -1 when it was not taken: it is larger than the lane, or the lane is
   *     full and refuses what is new
   */
  long append(Lane lane, String topic, byte[] payload);

  /**
   * The next entry that has not been read since opening or {@link #rewind()}, waiting for one if
   * there is none. May wait for the disk.
   *
   * @param lanes those that are looked at, in this order
   * @param timeout longest wait for an entry; zero for none
   * @return null when none came in time
   * @throws InterruptedException when the waiting thread is interrupted
   */
  @Nullable Entry next(List<Lane> lanes, Duration timeout) throws InterruptedException;

  /** The next entry of all lanes, by urgency. */
  default @Nullable Entry next(Duration timeout) throws InterruptedException {
    return next(BY_URGENCY, timeout);
  }

  /** Removes an entry for good: the far side has it. Unknown ids are ignored. */
  void acknowledge(long id);

  /** Everything that is not acknowledged will be read again, each lane in order. */
  void rewind();

  /**
   * Says whether the far side can be reached. While it cannot, {@link
   * SpoolSettings.Durability#SPILL} lanes go to disk. A new spool takes it that it cannot.
   */
  void reachable(boolean reachable);

  /**
   * Puts an entry that the far side cannot take into quarantine, so that it does not block what is
   * behind it.
   *
   * @param reason in plain words
   * @return whether it was put there; false when the quarantine is full: it then stays where it is
   */
  boolean quarantine(long id, String reason);

  /** What is in quarantine, oldest first; outlives a restart where the disk can be used. */
  List<Quarantined> quarantined();

  /** Forgets what is in quarantine under this id; whether it was there. */
  boolean discard(long id);

  /**
   * An entry that could not be sent.
   *
   * @param entry what it is
   * @param reason why, in plain words
   */
  record Quarantined(Entry entry, String reason) {}

  /**
   * Highest id of a lane up to which every entry that was taken is either on disk, flushed, or
   * gone: acknowledged or evicted.
   */
  long durable(Lane lane);

  /**
   * Waits until {@link #durable} has reached an id. In a {@link SpoolSettings.Durability#SPILL}
   * lane it asks for nothing: it may be acknowledged before it ever is.
   *
   * @return whether it did in time
   */
  boolean awaitDurable(Lane lane, long id, Duration timeout) throws InterruptedException;

  /** Present figures; never blocks. */
  Stats stats();

  /** Present figures of a lane; never blocks. */
  Stats stats(Lane lane);

  /**
   * Brings to disk what is to outlive the process, waiting 5 s for it at most, and releases the
   * spool.
   */
  @Override
  void close();
}
