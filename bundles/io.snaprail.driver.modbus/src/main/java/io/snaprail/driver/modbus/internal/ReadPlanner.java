package io.snaprail.driver.modbus.internal;

import io.snaprail.driver.modbus.internal.transport.Table;
import java.util.ArrayList;
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
   *     times as many
   */
  record Limits(int maxRegisters, int maxGap) {}

  /**
   * A point in a plan.
   *
   * @param index of the point in the sink
   */
  record Member(int index, ModbusPoint point) {
    private int start() {
      return point.address();
    }

    private int end() {
      return point.address() + point.width();
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
  }

  /**
   * The reads that cover all members, each member in exactly one.
   *
   * @param members in any order; may overlap; none wider than a read may be long
   */
  static List<Block> plan(List<Member> members, Limits limits) {
    Map<Table, List<Member>> tables = new EnumMap<>(Table.class);
    for (Member member : members) {
      tables.computeIfAbsent(member.point().table(), t -> new ArrayList<>()).add(member);
    }
    List<Block> blocks = new ArrayList<>();
    tables.forEach((table, own) -> blocks.addAll(merge(table, own, limits)));
    return blocks;
  }

  private static List<Block> merge(Table table, List<Member> members, Limits limits) {
    int unit = table.bits() ? BITS_PER_REGISTER : 1;
    int longest = Math.min(limits.maxRegisters() * unit, table.maxRead());
    int widestHole = limits.maxGap() * unit;
    members.sort(BY_ADDRESS);
    List<Run> runs = new ArrayList<>();
    Run run = new Run(members.get(0));
    runs.add(run);
    for (Member member : members) {
      if (member.start() - run.end > widestHole || member.end() - run.start > longest) {
        run = new Run(member);
        runs.add(run);
      }
      run.add(member);
    }
    return runs.stream().map(r -> new Block(table, r.start, r.end - r.start, r.members)).toList();
  }

  /** A read that grows. */
  private static final class Run {
    private final int start;
    private final List<Member> members = new ArrayList<>();
    private int end;

    Run(Member first) {
      start = first.start();
      end = first.end();
    }

    void add(Member member) {
      members.add(member);
      end = Math.max(end, member.end());
    }
  }
}
