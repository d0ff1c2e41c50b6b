package io.snaprail.driver.modbus.internal;

import io.snaprail.api.driver.Sink;
import io.snaprail.driver.modbus.internal.ReadPlanner.Block;
import io.snaprail.driver.modbus.internal.ReadPlanner.Extent;
import io.snaprail.driver.modbus.internal.ReadPlanner.Member;
import io.snaprail.driver.modbus.internal.j2mod.ReadRequest;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A merged read, how its answer is divided among the points, and whether it has to wait. */
final class BlockRead {
  private static final long FIRST_PAUSE_MS = 250;
  private static final long LAST_PAUSE_MS = 8_000;

  private final Block block;
  private final String place;
  private final ReadRequest request;
  private final @Nullable Extent cut;

  /** Why there is nothing to be asked before {@link #pausedUntil}; null when there is no pause. */
  private @Nullable String pauseReason;

  private long pausedUntil;
  private long pauseMs;

  /**
   * Makes the request, once.
   *
   * @param cut why it is not merged with its neighbour, as long as that is a guess; else null
   */
  BlockRead(Block block, Places places, @Nullable Extent cut) {
    this.block = block;
    this.place = places.of(block.table(), block.start(), block.count());
    this.request = new ReadRequest(block.table(), block.start(), block.count(), "read " + place);
    this.cut = cut;
  }

  Block block() {
    return block;
  }

  String place() {
    return place;
  }

  ReadRequest request() {
    return request;
  }

  @Nullable Extent cut() {
    return cut;
  }

  /** Delivers every point of the block from an answer that has been checked. */
  void deliver(byte[] answer, Sink sink) {
    pauseMs = 0;
    int[] words = request.values(answer);
    for (Member member : block.members()) {
      ModbusPoint point = member.point();
      point.codec().decode(words, point.address() - block.start(), member.index(), sink);
    }
  }

  /** Delivers every point of the block as bad. */
  void refuse(String reason, Sink sink) {
    for (Member member : block.members()) {
      sink.bad(member.index(), reason);
    }
  }

  /** The unit is busy: asks nothing for a while, longer each time until there is an answer. */
  String pause(String reason, long now) {
    pauseMs = Math.min(LAST_PAUSE_MS, Math.max(FIRST_PAUSE_MS, 2 * pauseMs));
    pausedUntil = now + Duration.ofMillis(pauseMs).toNanos();
    String told = reason + "; tried again in " + pauseMs + " ms";
    pauseReason = told;
    return told;
  }

  /** Why the read has to wait; null when it may be sent. */
  @Nullable String waitsFor(long now) {
    if (pauseReason != null && pausedUntil - now <= 0) {
      pauseReason = null;
    }
    return pauseReason;
  }
}
