package io.snaprail.driver.modbus.internal;

import io.snaprail.driver.modbus.internal.transport.Table;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Merges neighbouring points into common reads: sorts them, and extends a read while the hole is
 * not larger and the whole not longer than allowed. Never across tables, and a value is never
 * divided between two reads, so that it is always of one moment.
 */
final class ReadPlanner {
  /** Bits that go where one register would: the limits are given in registers. */
  private static final int BITS_PER_REGISTER = 16;

  private static final Comparator<Member> BY_ADDRESS =
      Comparator.comparingInt(Member::start).thenComparingInt(Member::index);

  private ReadPlanner() {}

  /**
   * How far merging goes.
   *
   * @param maxRegisters longest read, 1..125; of bits sixteen times as many
   * @param maxGap unused registers that a read may take along at a place, 0..124; of bits sixteen
   *     times as many; {@link #AUTOMATIC} for as many as are worth it
   */
  record Limits(int maxRegisters, int maxGap) {
    /** What the line costs decides. */
    static final int AUTOMATIC = -1;

    boolean automatic() {
      return maxGap == AUTOMATIC;
    }

    Limits withGap(int gap) {
      return new Limits(maxRegisters, gap);
    }
  }

  /**
   * A point in a plan.
   *
   * @param index of the point in the sink
   */
  record Member(int index, ModbusPoint point) {
    int start() {
      return point.address();
    }

    int end() {
      return point.address() + point.width();
    }

    Extent extent() {
      return new Extent(point.table(), start(), end());
    }
  }

  /**
   * Neighbours of one table.
   *
   * @param start wire address of the first
   * @param end wire address behind the last
   */
  record Extent(Table table, int start, int end) {
    boolean within(Table other, int from, int to) {
      return table == other && from <= start && end <= to;
    }
  }

  /**
   * One read.
   *
   * @param start wire address of the first
   * @param count registers or bits
   * @param members in ascending order of their addresses
   */
  record Block(Table table, int start, int count, List<Member> members) {
    Block {
      members = List.copyOf(members);
    }

    /** The read that covers points of one table, in ascending order of their addresses. */
    static Block of(List<Member> members) {
      int start = members.get(0).start();
      int end = members.stream().mapToInt(Member::end).max().orElseThrow();
      return new Block(members.get(0).point().table(), start, end - start, members);
    }

    Extent extent() {
      return new Extent(table, start, start + count);
    }
  }

  /**
   * The reads that cover all members, each member in exactly one.
   *
   * @param members in any order; may overlap; none wider than a read may be long
   * @param barred what no read of several members may hold all of
   */
  static List<Block> plan(List<Member> members, Limits limits, Collection<Extent> barred) {
    Map<Table, List<Member>> tables = new EnumMap<>(Table.class);
    for (Member member : members) {
      tables.computeIfAbsent(member.point().table(), t -> new ArrayList<>()).add(member);
    }
    List<Block> blocks = new ArrayList<>();
    tables.forEach((table, own) -> blocks.addAll(merge(table, own, limits, barred)));
    return blocks;
  }

  private static List<Block> merge(
      Table table, List<Member> members, Limits limits, Collection<Extent> barred) {
    int unit = table.bits() ? BITS_PER_REGISTER : 1;
    int longest = Math.min(limits.maxRegisters() * unit, table.maxRead());
    int widestHole = limits.maxGap() * unit;
    members.sort(BY_ADDRESS);
    List<List<Member>> runs = new ArrayList<>();
    int start = 0;
    int end = 0;
    for (Member member : members) {
      int from = start;
      int to = Math.max(end, member.end());
      if (runs.isEmpty()
          || member.start() - end > widestHole
          || member.end() - start > longest
          || barred.stream().anyMatch(extent -> extent.within(table, from, to))) {
        runs.add(new ArrayList<>());
        start = member.start();
        end = member.end();
      }
      runs.get(runs.size() - 1).add(member);
      end = Math.max(end, member.end());
    }
    return runs.stream().map(Block::of).toList();
  }
}
