package io.snaprail.driver.modbus;

import static org.assertj.core.api.Assertions.assertThat;

import io.snaprail.api.driver.Deadline;
import io.snaprail.api.driver.Device;
import io.snaprail.api.model.Access;
import io.snaprail.api.model.PointDefinition;
import io.snaprail.api.model.Value;
import io.snaprail.testkit.RecordingSink;
import io.snaprail.testkit.TestPoints;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Against a server that nobody here wrote, with values that its own library packed. */
@Tag("peer")
@Timeout(180)
abstract class PeerSuite {
  /** Where values are written: as far from those that are read. */
  static final int THERE = 5000;

  private PeerServer server;
  private Device single;
  private Device multiple;

  /** Starts the server. */
  abstract PeerServer start() throws Exception;

  /**
   * A device of the server.
   *
   * @param multiple whether it writes with functions 15 and 16 alone
   */
  abstract Device device(PeerServer server, boolean multiple);

  /** Ends what {@link #device} made. */
  abstract void stop();

  @BeforeEach
  final void connect() throws Exception {
    server = start();
    single = device(server, false);
    multiple = device(server, true);
  }

  @AfterEach
  final void disconnect() throws Exception {
    stop();
    if (server != null) {
      server.close();
    }
  }

  final PeerServer server() {
    return server;
  }

  final Device single() {
    return single;
  }

  final Device multiple() {
    return multiple;
  }

  /** Functions 3 and 4. */
  @Test
  void everyTypeInEveryOrderIsReadBitForBit() throws Exception {
    assertThat(server.values).hasSizeGreaterThan(40);
    for (String table : List.of("holding", "input")) {
      List<PointDefinition> points = new ArrayList<>();
      for (String[] value : server.values) {
        points.add(TestPoints.of("p", table + ":" + value[1], value[2], value[3], Access.READ));
      }

      RecordingSink sink = Driver.read(Driver.plan(single, points.toArray(PointDefinition[]::new)));

      for (int i = 0; i < points.size(); i++) {
        String[] value = server.values.get(i);
        assertThat(sink.value(i)).as("%s", points.get(i)).isEqualTo(value(value[2], value[4]));
      }
    }
  }

  /** Functions 1 and 2. */
  @Test
  void coilsAndDiscreteInputsAreRead() throws Exception {
    for (String table : List.of("coil", "discrete")) {
      PointDefinition[] points =
          server.bits.stream()
              .map(bit -> TestPoints.readable("p", table + ":" + bit[1], "bool"))
              .toArray(PointDefinition[]::new);

      RecordingSink sink = Driver.read(Driver.plan(single, points));

      for (int i = 0; i < points.length; i++) {
        assertThat(sink.value(i)).isEqualTo(new Value.Bool(server.bits.get(i)[2].equals("1")));
      }
    }
  }

  /** Functions 6 and 16: registers come to hold the bits that the peer packed for the value. */
  @Test
  void everyTypeInEveryOrderIsWrittenBitForBit() throws Exception {
    for (String[] value : server.values) {
      int width = Integer.parseInt(value[2].replaceAll("\\D", "")) / 16;
      int here = Integer.parseInt(value[1]);
      for (Device device : List.of(single, multiple)) {
        int there = device == single ? THERE + here : THERE + 2000 + here;
        PointDefinition point =
            TestPoints.of("p", "holding:" + there, value[2], value[3], Access.READ_WRITE);

        device.write(point, value(value[2], value[4]), Deadline.in(Driver.AMPLE));

        assertThat(server.held("holding", there, width))
            .as("%s", point)
            .isEqualTo(server.held("holding", here, width));
      }
    }
  }

  /** Functions 5 and 15. */
  @Test
  void coilsAreWritten() throws Exception {
    String[] before = server.held("coil", 500, 3).split(" ");
    for (Device device : List.of(single, multiple)) {
      for (boolean on : new boolean[] {true, false, true}) {
        device.write(
            TestPoints.writable("p", "coil:501", "bool"),
            new Value.Bool(on),
            Deadline.in(Driver.AMPLE));
        assertThat(server.held("coil", 500, 3).split(" "))
            .containsExactly("held", before[1], on ? "1" : "0", before[3]);
      }
    }
  }

  private static Value value(String type, String text) {
    return switch (type) {
      case "float16" -> half(Integer.parseUnsignedInt(text, 16));
      case "float32" -> new Value.Float32(Float.intBitsToFloat(Integer.parseUnsignedInt(text, 16)));
      case "float64" ->
          new Value.Float64(Double.longBitsToDouble(Long.parseUnsignedLong(text, 16)));
      default -> new Value.Int(Long.parseLong(text));
    };
  }

  /** Another way than the driver's: the bits moved into a single, whose exponent is 112 larger. */
  private static Value half(int bits) {
    float small = Float.intBitsToFloat((bits & 0x7fff) << 13);
    float magnitude = Math.scalb(small, 112);
    return new Value.Float32((bits & 0x8000) == 0 ? magnitude : -magnitude);
  }
}
