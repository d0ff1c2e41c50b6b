package io.snaprail.storage.internal.spool;

import io.snaprail.api.uplink.Spool.Entry;
import io.snaprail.api.uplink.Spool.Lane;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Brings back from disk what memory has let go of one lane, on the thread that reads the spool.
 * What is damaged is told and set aside.
 */
final class LaneReader {
  private static final long RETRY_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final int MAX_READS = 5;

  private final LaneFiles files;
  private final SpoolProblems problems;
  private final LongSupplier nanoTime;
  private final String key;
  private int failed;
  private long notBefore;

  LaneReader(Lane lane, LaneFiles files, SpoolProblems problems, LongSupplier nanoTime) {
    this.files = files;
    this.problems = problems;
    this.nanoTime = nanoTime;
    this.key = "read:" + lane;
    this.notBefore = nanoTime.getAsLong();
  }

  /** Whether reading may be tried now. */
  boolean ready() {
    return nanoTime.getAsLong() - notBefore >= 0;
  }

  /** What a segment has on disk; null when it is to be tried again later. */
  @Nullable List<Entry> read(Segment segment) {
    try {
      List<Entry> found = files.read(segment);
      failed = 0;
      if (found.size() < segment.live()) {
        files.setAside(segment.firstId);
        problems.warning(
            key,
            files.name(segment.firstId)
                + " is damaged: "
                + (segment.live() - found.size())
                + " messages are lost. Check the disk.");
      }
      return found;
    } catch (IOException e) {
      failed++;
      notBefore = nanoTime.getAsLong() + RETRY_NANOS;
      problems.error(
          key,
          files.name(segment.firstId)
              + " cannot be read: "
              + SpoolProblems.reason(e)
              + ". Check the disk.");
      if (failed < MAX_READS) {
        return null;
      }
      failed = 0;
      files.setAside(segment.firstId);
      return List.of();
    }
  }
}
