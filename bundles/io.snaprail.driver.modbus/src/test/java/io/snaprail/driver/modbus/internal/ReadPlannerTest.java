package io.snaprail.driver.modbus.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.snaprail.driver.modbus.internal.ReadPlanner.Block;
import io.snaprail.driver.modbus.internal.ReadPlanner.Extent;
import io.snaprail.driver.modbus.internal.ReadPlanner.Limits;
import io.snaprail.driver.modbus.internal.ReadPlanner.Member;
import io.snaprail.driver.modbus.internal.codec.Codecs;
import io.snaprail.driver.modbus.internal.transport.Table;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

class ReadPlannerTest {
  private static final Limits LIMITS = new Limits(125, 10);

  private final List<Member> members = new ArrayList<>();
  private final List<Extent> barred = new ArrayList<>();

  @Test
  void nothingToReadNeedsNoRead() {
    assertThat(plan(LIMITS)).isEmpty();
  }

  @Test
  void neighboursAreReadTogetherInWhateverOrderTheyStand() {
    register(5, "int16");
    register(0, "float32");
    register(2, "uint32");
    register(4, "int16");

    assertThat(plan(LIMITS)).containsExactly("holding 0+6 [1, 2, 3, 0]");
  }

  @Test
  void aHoleAsWideAsAllowedIsTakenAlong() {
    register(0, "int16");
    register(11, "int16");

    assertThat(plan(LIMITS)).containsExactly("holding 0+12 [0, 1]");
  }

  @Test
  void aWiderHoleDividesTheRead() {
    register(0, "int16");
    register(12, "int16");

    assertThat(plan(LIMITS)).containsExactly("holding 0+1 [0]", "holding 12+1 [1]");
  }

  @Test
  void withoutGapOnlyTouchingRegistersAreMerged() {
    register(0, "float32");
    register(2, "int16");
    register(4, "int16");

    assertThat(plan(new Limits(125, 0))).containsExactly("holding 0+3 [0, 1]", "holding 4+1 [2]");
  }

  @Test
  void theHoleIsMeasuredFromTheFurthestEndNotFromTheLastPoint() {
    register(0, "float32");
    register(0, "int16");
    register(12, "int16");

    assertThat(plan(LIMITS)).containsExactly("holding 0+13 [0, 1, 2]");
  }

  @Test
  void aReadIsNoLongerThanAllowed() {
    for (int i = 0; i < 130; i++) {
      register(i, "int16");
    }

    List<Block> blocks = ReadPlanner.plan(members, LIMITS, barred);

    assertThat(blocks).extracting(Block::start).containsExactly(0, 125);
    assertThat(blocks).extracting(Block::count).containsExactly(125, 5);
  }

  /** Two reads are two moments: half a value from each would be a value that never was. */
  @Test
  void aValueIsNeverDividedBetweenTwoReads() {
    register(0, "int16");
    register(124, "float32");

    assertThat(plan(new Limits(125, 124))).containsExactly("holding 0+1 [0]", "holding 124+2 [1]");
  }

  @Test
  void tablesAreNeverMixed() {
    register(0, "int16");
    add(Table.INPUT, 1, "int16");
    bit(Table.COIL, 2);
    bit(Table.DISCRETE, 3);

    assertThat(plan(LIMITS))
        .containsExactlyInAnyOrder(
            "holding 0+1 [0]", "input 1+1 [1]", "coil 2+1 [2]", "discrete 3+1 [3]");
  }

  @Test
  void ofBitsSixteenTimesAsManyAreRead() {
    bit(Table.COIL, 0);
    bit(Table.COIL, 161);
    bit(Table.COIL, 323);

    assertThat(plan(LIMITS)).containsExactly("coil 0+162 [0, 1]", "coil 323+1 [2]");
  }

  /** Modbus Application Protocol V1.1b3, section 6.1: at most 2000. */
  @Test
  void atMostTwoThousandBitsAreRead() {
    for (int i = 0; i <= 2000; i += 100) {
      bit(Table.COIL, i);
    }

    assertThat(ReadPlanner.plan(members, new Limits(125, 124), barred))
        .extracting(Block::count)
        .containsExactly(1901, 1);
  }

  @Test
  void pointsOnTheSameRegistersShareARead() {
    register(7, "int16");
    register(7, "uint16");
    register(6, "float32");

    assertThat(plan(LIMITS)).containsExactly("holding 6+2 [2, 0, 1]");
  }

  @Test
  void whatIsBarredIsNotTakenAlongInAHole() {
    register(0, "int16");
    register(2, "int16");
    register(4, "int16");
    barred.add(new Extent(Table.HOLDING, 1, 2));
    barred.add(new Extent(Table.INPUT, 3, 4));

    assertThat(plan(LIMITS)).containsExactly("holding 0+1 [0]", "holding 2+3 [1, 2]");
  }

  /** Part of it may be read: the device refuses the whole only. */
  @Test
  void aReadMayHoldAPartOfWhatIsBarred() {
    register(0, "int16");
    register(1, "int16");
    register(2, "int16");
    barred.add(new Extent(Table.HOLDING, 1, 3));

    assertThat(plan(LIMITS)).containsExactly("holding 0+2 [0, 1]", "holding 2+1 [2]");
  }

  @Test
  void aPointThatHoldsWhatIsBarredIsReadAlone() {
    register(0, "int16");
    register(1, "int32");
    register(3, "int16");
    barred.add(new Extent(Table.HOLDING, 2, 3));

    assertThat(plan(LIMITS))
        .containsExactly("holding 0+1 [0]", "holding 1+2 [1]", "holding 3+1 [2]");
  }

  /** Whatever is asked for: each point once, wholly inside its read, and within the limits. */
  @RepeatedTest(200)
  void everyPlanKeepsToItsRules(RepetitionInfo repetition) {
    Random random = new Random(repetition.getCurrentRepetition());
    Limits limits = new Limits(2 + random.nextInt(124), random.nextInt(125));
    int span = 1 + random.nextInt(3000);
    for (int i = 0; i < 1 + random.nextInt(300); i++) {
      int address = random.nextInt(span);
      switch (random.nextInt(4)) {
        case 0 -> bit(Table.COIL, address);
        case 1 -> bit(Table.DISCRETE, address);
        case 2 -> add(Table.INPUT, address, random.nextBoolean() ? "int16" : "uint32");
        default -> add(Table.HOLDING, address, random.nextBoolean() ? "uint16" : "float32");
      }
    }
    Collections.shuffle(members, random);
    for (int i = 0; i < random.nextInt(20); i++) {
      barred.add(members.get(random.nextInt(members.size())).extent());
    }

    List<Block> blocks = ReadPlanner.plan(members, limits, barred);

    assertThat(blocks.stream().flatMap(b -> b.members().stream()))
        .containsExactlyInAnyOrderElementsOf(members);
    for (Block block : blocks) {
      int unit = block.table().bits() ? 16 : 1;
      assertThat(block.count()).isBetween(1, limits.maxRegisters() * unit);
      int end = block.start();
      for (Member member : block.members()) {
        ModbusPoint point = member.point();
        assertThat(point.table()).isEqualTo(block.table());
        assertThat(point.address()).isGreaterThanOrEqualTo(block.start());
        assertThat(point.address() + point.width())
            .isLessThanOrEqualTo(block.start() + block.count());
        assertThat(point.address() - end).isLessThanOrEqualTo(limits.maxGap() * unit);
        end = Math.max(end, point.address() + point.width());
      }
      if (block.members().size() > 1) {
        assertThat(barred)
            .noneMatch(e -> e.within(block.table(), block.start(), block.start() + block.count()));
      }
      assertThat(end)
          .as("no register is read in vain at the end")
          .isEqualTo(block.start() + block.count());
    }
  }

  private void register(int address, String type) {
    add(Table.HOLDING, address, type);
  }

  private void bit(Table table, int address) {
    members.add(new Member(members.size(), new ModbusPoint(table, address, Codecs.bool())));
  }

  private void add(Table table, int address, String type) {
    members.add(new Member(members.size(), new ModbusPoint(table, address, Codecs.of(type, ""))));
  }

  private List<String> plan(Limits limits) {
    return ReadPlanner.plan(members, limits, barred).stream()
        .map(
            b ->
                b.table().label()
                    + " "
                    + b.start()
                    + "+"
                    + b.count()
                    + " "
                    + b.members().stream().map(Member::index).toList())
        .toList();
  }
}
