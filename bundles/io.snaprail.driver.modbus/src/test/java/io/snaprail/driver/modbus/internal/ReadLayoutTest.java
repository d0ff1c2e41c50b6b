package io.snaprail.driver.modbus.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.snaprail.driver.modbus.internal.ReadPlanner.Limits;
import io.snaprail.driver.modbus.internal.ReadPlanner.Member;
import io.snaprail.driver.modbus.internal.codec.Codecs;
import io.snaprail.driver.modbus.internal.transport.LineCost;
import io.snaprail.driver.modbus.internal.transport.Table;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How far reads are merged when that is left to the line. */
class ReadLayoutTest {
  private static Member member(int index, int address) {
    return new Member(index, new ModbusPoint(Table.HOLDING, address, Codecs.of("int16", "")));
  }

  /** Holes of 9, 19 and 39 registers. */
  private static ReadLayout layout(int maxGap) {
    return new ReadLayout(
        List.of(member(0, 0), member(1, 10), member(2, 30), member(3, 70)),
        new Limits(125, maxGap),
        new Places(true),
        List.of("a", "b", "c", "d"));
  }

  private static LineCost worth(double registers) {
    return new LineCost(1000 * registers, 1000);
  }

  @Test
  void untilAnythingIsKnownAHoleOf32RegistersIsRead() {
    ReadLayout layout = layout(-1);
    layout.refresh(0, LineCost.UNKNOWN);
    assertThat(layout.reads()).hasSize(2);
  }

  @Test
  void theGapFollowsTheCost() {
    ReadLayout layout = layout(-1);
    layout.refresh(0, worth(500));
    assertThat(layout.gap()).isEqualTo(124);
    assertThat(layout.reads()).hasSize(1);
    layout.refresh(0, worth(14));
    assertThat(layout.reads()).hasSize(3);
    layout.refresh(0, worth(0.5));
    assertThat(layout.gap()).isZero();
    assertThat(layout.reads()).hasSize(4);
    layout.refresh(0, worth(14));
    assertThat(layout.reads()).hasSize(3);
  }

  /** Otherwise noise would change the reads again and again. */
  @Test
  void aSmallChangeChangesNothing() {
    ReadLayout layout = layout(-1);
    layout.refresh(0, worth(18));
    List<BlockRead> before = layout.reads();
    layout.refresh(0, worth(25));
    layout.refresh(0, worth(13));
    assertThat(layout.reads()).isSameAs(before);
    assertThat(layout.gap()).isEqualTo(18);
  }

  @Test
  void aGapThatWasSetStays() {
    ReadLayout layout = layout(9);
    layout.refresh(0, worth(500));
    assertThat(layout.gap()).isEqualTo(9);
    assertThat(layout.reads()).hasSize(3);
  }
}
