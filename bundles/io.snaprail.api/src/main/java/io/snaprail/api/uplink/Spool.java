package io.snaprail.api.uplink;

import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ProviderType;

/**
 * An uplink's queue between encoding and acknowledgement. Entries leave it only when they are
 * acknowledged, or by the eviction policy of their lane, which is counted. Any number of threads
 * may append; one thread at a time reads and acknowledges.
 */
@ProviderType
public interface Spool extends AutoCloseable {

  /** Urgency of an entry; lanes are read in this order. */
  enum Lane {
    /** Alarms and answers to people. */
    ALARM,
    /** Ordinary telemetry. */
    NORMAL,
    /** What may wait: history, backlog. */
    BULK
  }

  /**
   * What waits to be sent.
   *
   * @param id grows in the order of appending; unique for the life of the spool
   * @param lane urgency
   * @param topic where it goes
   * @param payload what goes; owned by the entry, not to be changed
   * @param created when it was appended
   * @param replayed whether it has been read before: after a reconnect or restart
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
   * Appends an entry. Never blocks: when the lane is full its policy decides what is evicted.
   *
   * @return the entry's id, or -1 when it was not taken because it is larger than the whole lane
   */
  long append(Lane lane, String topic, byte[] payload);

  /**
   * The next entry that has not been read since opening or {@link #rewind()}, waiting for one if
   * there is none.
   *
   * @param timeout longest wait; zero for none
   * @return null when none came in time
   * @throws InterruptedException when the waiting thread is interrupted
   */
  @Nullable Entry next(Duration timeout) throws InterruptedException;

  /** Removes an entry for good: the far side has it. Unknown ids are ignored. */
  void acknowledge(long id);

  /** Everything that is not acknowledged will be read again, in order. */
  void rewind();

  /** Present figures; never blocks. */
  Stats stats();

  /** Releases the spool; what is kept on disk stays there. */
  @Override
  void close();
}
