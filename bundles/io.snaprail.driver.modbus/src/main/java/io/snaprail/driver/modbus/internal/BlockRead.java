package io.snaprail.driver.modbus.internal;

import io.snaprail.api.driver.Sink;
import io.snaprail.driver.modbus.internal.ReadPlanner.Block;
import io.snaprail.driver.modbus.internal.ReadPlanner.Member;
import io.snaprail.driver.modbus.internal.j2mod.ReadRequest;

/** A merged read, and how its answer is divided among the points. */
final class BlockRead {
  private final Block block;
  private final String place;
  private final ReadRequest request;

  /**
   * Makes the request, once.
   *
   * @param place table and addresses, for messages
   */
  BlockRead(Block block, String place) {
    this.block = block;
    this.place = place;
    this.request = new ReadRequest(block.table(), block.start(), block.count(), "read " + place);
  }

  String place() {
    return place;
  }

  ReadRequest request() {
    return request;
  }

  /** Delivers every point of the block from an answer that has been checked. */
  void deliver(byte[] answer, Sink sink) {
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
}
