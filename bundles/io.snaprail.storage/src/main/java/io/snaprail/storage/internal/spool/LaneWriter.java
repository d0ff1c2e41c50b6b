package io.snaprail.storage.internal.spool;

import io.snaprail.api.uplink.Spool.Entry;
import io.snaprail.api.uplink.Spool.Lane;
import io.snaprail.api.uplink.SpoolSettings.Eviction;
import io.snaprail.storage.internal.spool.Core.State;
import io.snaprail.storage.internal.spool.SegmentList.Batch;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes and deletes the files of one lane, on the thread that writes. What fails counts as not
 * written, is told, and is tried again later into another file.
 */
final class LaneWriter {
  private static final Logger LOG = LoggerFactory.getLogger(LaneWriter.class);
  private static final long FIRST_RETRY_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final long MAX_RETRY_NANOS = TimeUnit.SECONDS.toNanos(30);

  private final Core core;
  private final State state;
  private final Volume volume;
  private final Reserve reserve;
  private final SpoolProblems problems;
  private final LaneFiles files;
  private final LaneReader reader;
  // How long it waits after a failure; 0 when the last write was good.
  private long retryNanos;

  LaneWriter(Core core, State state, Volume volume, Reserve reserve, SpoolProblems problems) {
    this.core = core;
    this.state = state;
    this.volume = volume;
    this.reserve = reserve;
    this.problems = problems;
    this.files = new LaneFiles(volume, state.lane);
    this.reader = new LaneReader(state.lane, files, problems, core.nanoTime);
  }

  LaneFiles files() {
    return files;
  }

  LaneReader reader() {
    return reader;
  }

  /** Brings to disk what is due. */
  void commit(boolean last) {
    List<Batch> batches;
    core.lock.lock();
    try {
      long now = core.nanoTime.getAsLong();
      if (core.due(state, now) > now && !(last && core.unwritten(state))) {
        return;
      }
      batches = state.queue.pending();
    } finally {
      core.lock.unlock();
    }
    if (!batches.isEmpty()) {
      write(batches);
    }
  }

  private void write(List<Batch> batches) {
    List<Long> lengths = new ArrayList<>();
    IOException failure = null;
    try {
      for (Batch batch : batches) {
        makeRoom(batch);
        lengths.add(append(batch));
      }
    } catch (IOException e) {
      failure = e;
    }
    int good = lengths.size();
    try {
      files.syncNames();
    } catch (IOException e) {
      failure = e;
      good = 0;
    }
    succeeded(batches.subList(0, good), lengths);
    if (failure != null) {
      failed(batches.subList(good, batches.size()), failure);
    } else if (retryNanos > 0) {
      retryNanos = 0;
      problems.clear("disk:" + state.lane);
    }
  }

  /** Writes; on a full disk once more with the reserve, where it is worth that. */
  private long append(Batch batch) throws IOException {
    try {
      return files.append(batch.segment(), batch.entries());
    } catch (IOException e) {
      // The segment may have records on disk: the second try would have to know how many.
      if (state.lane == Lane.ALARM && !batch.segment().inFile() && reserve.release()) {
        return files.append(batch.segment(), batch.entries());
      }
      throw e;
    }
  }

  /** A lane takes no more disk than is to be left free; its oldest messages may make room. */
  private void makeRoom(Batch batch) throws IOException {
    long needed = state.queue.settings().freeDiskBytes();
    for (Entry entry : batch.entries()) {
      needed += Frame.size(entry);
    }
    long free = volume.free();
    while (free < needed) {
      if (!evictFile()) {
        throw new DiskFullException(free, needed);
      }
      free = volume.free();
    }
  }

  private boolean evictFile() throws IOException {
    if (state.queue.settings().eviction() != Eviction.DROP_OLDEST) {
      return false;
    }
    core.lock.lock();
    try {
      if (!state.queue.evictFile()) {
        return false;
      }
    } finally {
      core.lock.unlock();
    }
    delete();
    return true;
  }

  private void succeeded(List<Batch> batches, List<Long> lengths) {
    core.lock.lock();
    try {
      for (int i = 0; i < batches.size(); i++) {
        state.queue.written(batches.get(i), lengths.get(i));
      }
      state.failing = false;
      core.safe.signalAll();
    } finally {
      core.lock.unlock();
    }
  }

  private void failed(List<Batch> batches, IOException cause) {
    LOG.debug("{}: lane {}", volume.name(), state.lane, cause);
    retryNanos = Math.min(MAX_RETRY_NANOS, Math.max(FIRST_RETRY_NANOS, 2 * retryNanos));
    core.lock.lock();
    try {
      batches.forEach(state.queue::failed);
      state.failing = true;
      state.retryAt = core.nanoTime.getAsLong() + retryNanos;
    } finally {
      core.lock.unlock();
    }
    problems.error(
        "disk:" + state.lane,
        "lane "
            + state.lane.name().toLowerCase(Locale.ROOT)
            + ": "
            + volume.name()
            + " cannot be written: "
            + SpoolProblems.reason(cause)
            + ". New messages wait in memory and are lost when the gateway stops. Make room or mend"
            + " the disk; the spool goes on by itself.");
  }

  private void delete() throws IOException {
    List<Segment> dead;
    core.lock.lock();
    try {
      dead = state.queue.takeDead();
    } finally {
      core.lock.unlock();
    }
    for (Segment segment : dead) {
      files.delete(segment);
    }
  }

  /** Deletes the files of which nothing is left. */
  void clean() throws IOException {
    core.lock.lock();
    try {
      state.queue.sealIfDone();
    } finally {
      core.lock.unlock();
    }
    delete();
    files.deleteStrays();
  }

  void close() throws IOException {
    files.close();
  }
}
