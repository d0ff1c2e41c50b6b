package io.snaprail.driver.modbus.internal;

import io.snaprail.api.driver.Inspection;
import io.snaprail.driver.modbus.internal.ReadPlanner.Block;
import io.snaprail.driver.modbus.internal.ReadPlanner.Extent;
import io.snaprail.driver.modbus.internal.ReadPlanner.Limits;
import io.snaprail.driver.modbus.internal.ReadPlanner.Member;
import io.snaprail.driver.modbus.internal.transport.LineCost;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The reads of a plan, and what has been learned of the device: which points it refuses, and which
 * it refuses only when they are read together, as there is a hole between them that it does not
 * have, or the read is longer than it can answer. Used by one thread at a time.
 */
final class ReadLayout {
  /** The refusal may have been a whim: after this time reads are merged again, to see. */
  private static final long CUT_NANOS = Duration.ofHours(1).toNanos();

  /** Of the gap; a change by less does not change the reads. */
  private static final double WORTH_WHILE = 1.5;

  /** As long as nothing was measured. */
  private static final int FIRST_GAP = 32;

  private final Limits limits;
  private final Places places;
  private final List<String> names;
  private final List<Member> readable;
  private final List<Quarantined> quarantine = new ArrayList<>();

  /** What no read may hold all of, and the time from which it may again. */
  private final Map<Extent, Long> cuts = new HashMap<>();

  private List<BlockRead> reads;

  /** Of what {@link #view} was made. */
  private List<BlockRead> published = List.of();

  private boolean changed;

  /** Unused registers that a read takes along at most. */
  private int gap;

  /** What people are shown, by any thread. */
  private volatile LayoutView view;

  /** What there was no time for in the cycle before. */
  private @Nullable BlockRead first;

  /**
   * Plans the reads.
   *
   * @param members every point of the plan
   * @param names of the points by their index, for people
   */
  ReadLayout(List<Member> members, Limits limits, Places places, List<String> names) {
    this.names = List.copyOf(names);
    this.readable = new ArrayList<>(members);
    this.limits = limits;
    this.places = places;
    this.gap = limits.automatic() ? FIRST_GAP : limits.maxGap();
    this.reads = planned();
    this.view = new LayoutView(blocks(), List.of());
  }

  /** What people are shown. Safe for any thread. */
  Inspection inspect() {
    return view.inspect(names, places);
  }

  /** At the end of a cycle: shows people how it is now. */
  void publish() {
    List<LayoutView.Refused> refused =
        quarantine.stream()
            .map(point -> new LayoutView.Refused(point.member(), point.reason()))
            .toList();
    if (published != reads || !refused.equals(view.refused())) {
      view = new LayoutView(blocks(), refused);
      published = reads;
    }
  }

  private List<Block> blocks() {
    return reads.stream().map(BlockRead::block).toList();
  }

  private List<BlockRead> planned() {
    Set<Extent> barred = new HashSet<>(cuts.keySet());
    quarantine.forEach(q -> barred.add(q.member().extent()));
    return ReadPlanner.plan(readable, limits.withGap(gap), barred).stream()
        .map(block -> new BlockRead(block, places, null))
        .toList();
  }

  /**
   * Before a cycle: forgets cuts that are old, and plans anew when what is worth reading along has
   * changed by much.
   *
   * @param cost as measured last
   */
  void refresh(long now, LineCost cost) {
    boolean forgotten = cuts.values().removeIf(until -> until - now <= 0);
    if (limits.automatic()) {
      int worth = cost.gap(limits.maxRegisters() - 1, gap);
      // One more each, as a gap of 0 has no ratio.
      if (1 + Math.max(gap, worth) >= WORTH_WHILE * (1 + Math.min(gap, worth))) {
        gap = worth;
        forgotten = true;
      }
    }
    if (forgotten) {
      reads = planned();
    }
  }

  /** Unused registers that a read takes along at most, 0..124. */
  int gap() {
    return gap;
  }

  /** The reads of the next cycle, in the order in which they are to be sent. */
  List<BlockRead> reads() {
    int at = first == null ? -1 : reads.indexOf(first);
    if (at <= 0) {
      return reads;
    }
    List<BlockRead> turned = new ArrayList<>(reads.subList(at, reads.size()));
    turned.addAll(reads.subList(0, at));
    return turned;
  }

  /** There was no time for a read: the next cycle begins with it. */
  void beginWith(BlockRead read) {
    first = read;
  }

  /** The points that the device refuses. */
  List<Quarantined> quarantine() {
    return List.copyOf(quarantine);
  }

  /**
   * The device refused a read.
   *
   * @return whether it is to be divided; else its only point is in quarantine now
   */
  boolean refused(BlockRead read, String refusal, long now) {
    if (read.cut() != null) {
      // Its neighbour is not to blame, or not alone.
      cuts.remove(read.cut());
    }
    List<Member> members = read.block().members();
    if (members.size() > 1) {
      return true;
    }
    readable.remove(members.get(0));
    quarantine.add(new Quarantined(members.get(0), places, refusal, now));
    replace(read, List.of());
    changed = true;
    return false;
  }

  /**
   * Divides a read of several points. Until one of the halves is refused, it is taken that the
   * device refuses the two points in the middle together only.
   */
  List<BlockRead> halves(BlockRead read, long now) {
    List<Member> members = read.block().members();
    int middle = members.size() / 2;
    List<Member> left = members.subList(0, middle);
    List<Member> right = members.subList(middle, members.size());
    Extent cut = Block.of(members.subList(middle - 1, middle + 1)).extent();
    cuts.put(cut, now + CUT_NANOS);
    List<BlockRead> halves =
        List.of(
            new BlockRead(Block.of(left), places, cut),
            new BlockRead(Block.of(right), places, cut));
    replace(read, halves);
    changed = true;
    return halves;
  }

  private void replace(BlockRead read, List<BlockRead> by) {
    List<BlockRead> next = new ArrayList<>(reads);
    int at = next.indexOf(read);
    next.remove(at);
    next.addAll(at, by);
    reads = next;
  }

  /** The device has answered for a point in quarantine: the others may be worth a try too. */
  void release(Quarantined point, long now) {
    quarantine.remove(point);
    readable.add(point.member());
    quarantine.forEach(other -> other.hasten(now));
    changed = true;
  }

  /** Nothing is left to be found out: merges again what can be. */
  void settle() {
    if (changed) {
      reads = planned();
      changed = false;
    }
  }
}
