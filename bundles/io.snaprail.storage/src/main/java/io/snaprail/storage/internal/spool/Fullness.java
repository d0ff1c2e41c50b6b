package io.snaprail.storage.internal.spool;

import io.snaprail.api.uplink.Spool.Lane;
import io.snaprail.api.uplink.SpoolSettings.Eviction;
import io.snaprail.storage.internal.spool.Core.State;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;

/** Tells when lanes lose messages, and when that is over. Used by the thread that writes. */
final class Fullness {
  private static final long OVER_NANOS = Core.COMMIT_NANOS * 60;

  private final Core core;
  private final SpoolProblems problems;
  private final Map<Lane, Long> dropped = new EnumMap<>(Lane.class);
  private final Map<Lane, Long> since = new EnumMap<>(Lane.class);

  Fullness(Core core, SpoolProblems problems) {
    this.core = core;
    this.problems = problems;
  }

  void look(long now) {
    for (State state : core.lanes.values()) {
      long count;
      core.lock.lock();
      try {
        count = state.queue.dropped();
      } finally {
        core.lock.unlock();
      }
      Long before = dropped.put(state.lane, count);
      if (count > (before == null ? 0 : before)) {
        since.put(state.lane, now);
        problems.warning("full:" + state.lane, message(state));
      } else {
        Long last = since.get(state.lane);
        if (last != null && now - last >= OVER_NANOS) {
          since.remove(state.lane);
          problems.clear("full:" + state.lane);
        }
      }
    }
  }

  private static String message(State state) {
    boolean oldest = state.queue.settings().eviction() == Eviction.DROP_OLDEST;
    return "lane "
        + state.lane.name().toLowerCase(Locale.ROOT)
        + " loses messages: more waits than it keeps ("
        + state.queue.settings().bytes()
        + " bytes, "
        + state.queue.settings().age().toHours()
        + " h where that is not 0, or what disk and memory have), so "
        + (oldest ? "the oldest make room" : "new ones are refused")
        + ". See why the far side does not take them, or give the spool more.";
  }
}
