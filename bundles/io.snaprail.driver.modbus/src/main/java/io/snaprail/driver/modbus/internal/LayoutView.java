package io.snaprail.driver.modbus.internal;

import io.snaprail.api.driver.Inspection;
import io.snaprail.api.driver.Inspection.Read;
import io.snaprail.api.driver.Inspection.Span;
import io.snaprail.api.driver.Inspection.Use;
import io.snaprail.driver.modbus.internal.ReadPlanner.Block;
import io.snaprail.driver.modbus.internal.ReadPlanner.Extent;
import io.snaprail.driver.modbus.internal.ReadPlanner.Member;
import java.util.ArrayList;
import java.util.List;

/**
 * How a plan reads at a moment, for people. Immutable.
 *
 * @param blocks what is read together
 * @param refused what the device refuses
 */
record LayoutView(List<Block> blocks, List<Refused> refused) {
  /** A point in quarantine, and what the device said. */
  record Refused(Member member, String reason) {}

  LayoutView {
    blocks = List.copyOf(blocks);
    refused = List.copyOf(refused);
  }

  /**
   * The reads and how many points are in quarantine.
   *
   * @param names of the points by their index
   */
  Inspection inspect(List<String> names, Places places) {
    List<Read> reads = new ArrayList<>();
    blocks.forEach(block -> reads.add(read(block, names, places)));
    refused.forEach(point -> reads.add(read(point, names, places)));
    Inspection.Figure quarantined =
        new Inspection.Figure("quarantined", "Points that the device refuses", refused.size(), "");
    return new Inspection(List.of(), List.of(quarantined), reads);
  }

  private static Read read(Block block, List<String> names, Places places) {
    List<Span> spans = new ArrayList<>();
    int start = block.start();
    int end = start;
    StringBuilder label = new StringBuilder();
    for (Member member : block.members()) {
      if (member.start() >= end) {
        addPoint(spans, places, start, end, label);
        if (member.start() > end) {
          spans.add(new Span(places.shown(end), member.start() - end, Use.HOLE, ""));
        }
        start = member.start();
        label.setLength(0);
      }
      // Parts of one register, or the same place as two types, are one span.
      end = Math.max(end, member.end());
      label.append(label.isEmpty() ? "" : ", ").append(names.get(member.index()));
    }
    addPoint(spans, places, start, end, label);
    return new Read(block.table().label(), places.shown(block.start()), block.count(), spans);
  }

  private static void addPoint(
      List<Span> spans, Places places, int start, int end, StringBuilder label) {
    if (end > start) {
      spans.add(new Span(places.shown(start), end - start, Use.POINT, label.toString()));
    }
  }

  private static Read read(Refused point, List<String> names, Places places) {
    Extent extent = point.member().extent();
    int start = places.shown(extent.start());
    int count = extent.end() - extent.start();
    String label = names.get(point.member().index()) + ": " + point.reason();
    return new Read(
        extent.table().label(),
        start,
        count,
        List.of(new Span(start, count, Use.QUARANTINED, label)));
  }
}
