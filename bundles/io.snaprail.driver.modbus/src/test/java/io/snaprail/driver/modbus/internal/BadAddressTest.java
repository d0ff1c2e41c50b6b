package io.snaprail.driver.modbus.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.snaprail.api.driver.Deadline;
import io.snaprail.api.driver.DriverException;
import io.snaprail.api.driver.ReadPlan;
import io.snaprail.api.model.Value;
import io.snaprail.driver.modbus.internal.ReadPlanner.Limits;
import io.snaprail.driver.modbus.internal.ReadPlanner.Member;
import io.snaprail.driver.modbus.internal.codec.Codecs;
import io.snaprail.driver.modbus.internal.transport.ModbusTransport;
import io.snaprail.driver.modbus.internal.transport.PduRequest;
import io.snaprail.driver.modbus.internal.transport.Table;
import io.snaprail.testkit.RecordingSink;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a device refuses is found and left out, and everything else is read. */
class BadAddressTest {
  private static final String AT = "exception 2 (illegal data address) from unit 1 at holding ";

  private final Device device = new Device();
  private final List<Member> members = new ArrayList<>();
  private long now = 1_000;

  /** Holding registers whose value is their address plus 1000; some of them missing. */
  private final class Device implements ModbusTransport {
    private final BitSet missing = new BitSet();
    private final List<String> requests = new ArrayList<>();
    private int longest = 125;
    private int exception;
    private long roundTrip;

    @Override
    public String endpoint() {
      return "device";
    }

    @Override
    public byte[] exchange(int unit, PduRequest request, Deadline deadline) {
      byte[] pdu = request.pdu();
      int start = word(pdu, 1);
      int count = word(pdu, 3);
      requests.add(start + "+" + count);
      now += roundTrip;
      int code = exception;
      int hit = missing.nextSetBit(start);
      if (code == 0 && hit >= 0 && hit < start + count) {
        code = 2;
      } else if (code == 0 && count > longest) {
        code = 3;
      }
      if (code != 0) {
        return new byte[] {(byte) (pdu[0] | 0x80), (byte) code};
      }
      byte[] answer = new byte[2 + 2 * count];
      answer[0] = pdu[0];
      answer[1] = (byte) (2 * count);
      for (int i = 0; i < count; i++) {
        answer[2 + 2 * i] = (byte) ((start + i + 1000) >> 8);
        answer[3 + 2 * i] = (byte) (start + i + 1000);
      }
      return answer;
    }

    @Override
    public void close() {
      throw new AssertionError("no exception of the slave closes anything");
    }
  }

  private static int word(byte[] bytes, int offset) {
    return (bytes[offset] & 0xff) << 8 | (bytes[offset + 1] & 0xff);
  }

  /** The figure: of 100 registers one is bad, and the other 99 are fresh after two cycles. */
  @Test
  void oneBadRegisterOfAHundredIsLeftOutWhereverItIs() throws Exception {
    for (int bad = 0; bad < 100; bad++) {
      members.clear();
      device.missing.clear();
      device.missing.set(bad);
      registers(0, 100);
      ReadPlan plan = plan();

      assertFresh(read(plan), 100, bad);
      for (int cycle = 0; cycle < 3; cycle++) {
        device.requests.clear();
        RecordingSink sink = read(plan);
        assertFresh(sink, 100, bad);
        assertThat(sink.reason(bad)).isEqualTo(AT + bad + "; tried again in 60 s");
        assertThat(device.requests).as("merged again").hasSizeLessThanOrEqualTo(2);
      }
    }
  }

  /** More than a cycle's share of requests is not spent; what is found is not lost. */
  @Test
  void manyBadRegistersAreFoundOverSomeCycles() throws Exception {
    registers(0, 100);
    for (int bad = 3; bad < 100; bad += 20) {
      device.missing.set(bad);
    }
    ReadPlan plan = plan();

    assertThat(bad(read(plan))).isGreaterThan(5);
    assertThat(device.requests).hasSizeLessThanOrEqualTo(1 + ReadCycle.MAX_SEARCH);
    for (int cycle = 0; cycle < 8; cycle++) {
      read(plan);
    }

    RecordingSink settled = read(plan);
    for (int i = 0; i < 100; i++) {
      assertThat(settled.value(i) == null).isEqualTo(device.missing.get(i));
    }
    device.requests.clear();
    read(plan);
    assertThat(device.requests).hasSize(6);
  }

  @Test
  void whileTheSearchGoesOnThePointsSaySo() throws Exception {
    registers(0, 100);
    device.missing.set(0, 100);

    RecordingSink sink = read(plan());

    assertThat(sink.reason(0))
        .isEqualTo(AT + "0..49; looking for the address that the device refuses");
  }

  /** No time is left in the cycle: the search goes on in the next ones. */
  @Test
  void theSearchKeepsToTheDeadline() throws Exception {
    registers(0, 100);
    device.missing.set(7);
    device.roundTrip = Duration.ofHours(1).toNanos();
    ReadPlan plan = plan();

    RecordingSink sink = read(plan);

    assertThat(device.requests).containsExactly("0+100");
    assertThat(sink.reason(50)).contains("looking for the address");
    device.roundTrip = 0;
    assertFresh(read(plan), 100, 7);
  }

  @Test
  void aPointOfSeveralRegistersIsLeftOutAsAWhole() throws Exception {
    registers(0, 10);
    members.add(member(10, "int32"));
    members.add(member(12, "int16"));
    device.missing.set(11);
    ReadPlan plan = plan();

    RecordingSink sink = read(plan);

    assertThat(sink.reason(10)).isEqualTo(AT + "10..11; tried again in 60 s");
    assertThat(sink.value(11)).isEqualTo(new Value.Int(1012));
    assertThat(sink.value(9)).isEqualTo(new Value.Int(1009));
  }

  /** Two points share a register that is there, and one reaches into one that is not. */
  @Test
  void pointsThatOverlapAreJudgedSingly() throws Exception {
    members.add(member(10, "int32"));
    members.add(member(10, "int16"));
    device.missing.set(11);
    ReadPlan plan = plan();

    for (int cycle = 0; cycle < 2; cycle++) {
      RecordingSink sink = read(plan);
      assertThat(sink.reason(0)).isEqualTo(AT + "10..11; tried again in 60 s");
      assertThat(sink.value(1)).isEqualTo(new Value.Int(1010));
    }
  }

  /** Nobody asked for what is missing: no point is to blame, and the hole is read no more. */
  @Test
  void aHoleThatTheDeviceDoesNotHaveCostsNoPoint() throws Exception {
    registers(0, 8);
    members.add(member(10, "int16"));
    members.add(member(11, "int16"));
    device.missing.set(9);
    ReadPlan plan = plan();

    for (int cycle = 0; cycle < 3; cycle++) {
      device.requests.clear();
      RecordingSink sink = read(plan);
      for (int i = 0; i < 10; i++) {
        assertThat(sink.value(i)).as("%d", i).isNotNull();
      }
    }

    assertThat(device.requests).containsExactly("0+8", "10+2");
  }

  /** Some devices answer no more than so many registers at once. */
  @Test
  void aReadThatIsTooLongIsDividedAndCostsNoPoint() throws Exception {
    registers(0, 100);
    device.longest = 60;
    ReadPlan plan = plan();

    for (int cycle = 0; cycle < 3; cycle++) {
      device.requests.clear();
      assertFresh(read(plan), 100, -1);
    }

    assertThat(device.requests).containsExactly("0+50", "50+50");
  }

  @Test
  void aPointInQuarantineIsTriedAgainLaterAndLater() throws Exception {
    registers(0, 10);
    device.missing.set(4);
    ReadPlan plan = plan();
    read(plan);

    for (int pause : new int[] {60, 120, 240, 480, 960, 1920, 3600, 3600}) {
      assertThat(read(plan).reason(4)).isEqualTo(AT + "4; tried again in " + pause + " s");
      device.requests.clear();
      now += Duration.ofSeconds(pause).toNanos() - 1;
      read(plan);
      assertThat(device.requests).doesNotContain("4+1");
      now += 1;
      assertFresh(read(plan), 10, 4);
      assertThat(device.requests).contains("4+1");
    }
  }

  @Test
  void aPointThatCanBeReadAgainComesBack() throws Exception {
    registers(0, 100);
    device.missing.set(3);
    device.missing.set(70);
    ReadPlan plan = plan();
    for (int cycle = 0; cycle < 3; cycle++) {
      read(plan);
    }
    device.missing.clear();
    now += Duration.ofSeconds(60).toNanos();

    assertFresh(read(plan), 100, -1);

    // Cuts that the search left would keep the halves apart; there are none.
    device.requests.clear();
    assertFresh(read(plan), 100, -1);
    assertThat(device.requests).containsExactly("0+100");
  }

  @Test
  void atMostTwoPointsAreTriedInACycle() throws Exception {
    registers(0, 20);
    device.missing.set(10, 20);
    ReadPlan plan = plan();
    for (int cycle = 0; cycle < 5; cycle++) {
      read(plan);
    }
    now += Duration.ofHours(2).toNanos();
    device.requests.clear();

    read(plan);

    assertThat(device.requests).hasSize(1 + ReadCycle.MAX_PROBES);
  }

  /** Otherwise nobody would notice that the device is away. */
  @Test
  void whenEveryPointIsInQuarantineOneIsTriedInEachCycle() throws Exception {
    registers(0, 3);
    device.missing.set(0, 3);
    ReadPlan plan = plan();
    read(plan);
    device.requests.clear();

    for (int cycle = 0; cycle < 5; cycle++) {
      assertThat(read(plan).reason(2)).isEqualTo(AT + "2; tried again in 60 s");
    }

    assertThat(device.requests).hasSize(5);
  }

  /** A refusal without cause does not divide a read for ever. */
  @Test
  void whatWasRefusedOnceAndNeverAgainIsMergedAfterAnHour() throws Exception {
    registers(0, 10);
    device.longest = 9;
    ReadPlan plan = plan();
    read(plan);
    device.longest = 125;
    now += Duration.ofHours(1).toNanos() - 1;
    device.requests.clear();

    read(plan);
    now += 1;
    read(plan);

    assertThat(device.requests).containsExactly("0+5", "5+5", "0+10");
  }

  /** 5 and 6: it is there, but not now. Section 7 of the specification: retransmit later. */
  @Test
  void aBusyUnitIsLeftAloneForAWhile() throws Exception {
    registers(0, 2);
    ReadPlan plan = plan();
    int asked = 0;
    for (int pause : new int[] {250, 500, 1000, 2000, 4000, 8000, 8000}) {
      device.exception = 6;
      String busy =
          "exception 6 (device busy) from unit 1 at holding 0..1; tried again in " + pause + " ms";
      assertThat(read(plan).reason(1)).isEqualTo(busy);
      assertThat(read(plan).reason(0)).isEqualTo(busy);
      assertThat(device.requests).hasSize(++asked);
      now += Duration.ofMillis(pause).toNanos();
    }
    device.exception = 0;
    assertFresh(read(plan), 2, -1);
    device.exception = 5;
    assertThat(read(plan).reason(0)).endsWith("; tried again in 250 ms");
  }

  /** Another exception says nothing about single registers. */
  @Test
  void anyOtherExceptionIsNotSearchedFor() throws Exception {
    registers(0, 10);
    device.exception = 4;
    ReadPlan plan = plan();

    assertThat(read(plan).reason(5))
        .isEqualTo("exception 4 (device failure) from unit 1 at holding 0..9");

    assertThat(device.requests).hasSize(1);
    device.exception = 0;
    assertFresh(read(plan), 10, -1);
  }

  @Test
  void aGatewayThatDoesNotReachTheUnitEndsTheCall() {
    registers(0, 10);
    device.exception = 10;
    ReadPlan plan = plan();

    assertThatThrownBy(() -> read(plan))
        .isInstanceOfSatisfying(
            DriverException.class,
            e -> assertThat(e.kind()).isEqualTo(DriverException.Kind.TRANSIENT))
        .hasMessage("device: exception 10 (gateway path unavailable) from unit 1 at holding 0..9");
  }

  private void registers(int first, int count) {
    for (int i = 0; i < count; i++) {
      members.add(member(first + i, "int16"));
    }
  }

  private Member member(int address, String type) {
    return new Member(members.size(), new ModbusPoint(Table.HOLDING, address, Codecs.of(type, "")));
  }

  private ReadPlan plan() {
    ReadLayout layout = new ReadLayout(members, new Limits(125, 32), new Places(true), List.of());
    UnitSettings settings =
        new UnitSettings(
            1, true, WriteFunction.AUTO, new Limits(125, 32), Duration.ZERO, Duration.ZERO);
    return new ModbusReadPlan(new UnitAccess(device, settings), layout, () -> now);
  }

  private static RecordingSink read(ReadPlan plan) throws DriverException {
    RecordingSink sink = new RecordingSink();
    plan.read(sink, Deadline.in(Duration.ofSeconds(10)));
    return sink;
  }

  private static long bad(RecordingSink sink) {
    return sink.indexes().stream().filter(i -> sink.value(i) == null).count();
  }

  private static void assertFresh(RecordingSink sink, int count, int bad) {
    for (int i = 0; i < count; i++) {
      assertThat(sink.value(i)).as("%d", i).isEqualTo(i == bad ? null : new Value.Int(1000 + i));
    }
  }
}
