package io.snaprail.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.snaprail.api.model.PointDefinition;
import io.snaprail.core.internal.points.RegisterMap;
import io.snaprail.driver.modbus.internal.ModbusAddress;
import io.snaprail.driver.modbus.internal.codec.Codecs;
import io.snaprail.driver.modbus.internal.codec.RegisterCodec;
import io.snaprail.driver.modbus.internal.sunspec.SunSpecDiscovery;
import io.snaprail.testkit.RecordingSink;
import java.util.Arrays;
import org.junit.jupiter.api.Timeout;

/**
 * Whatever a device tells of its SunSpec models: of it comes a register map that the gateway reads
 * without an error, each point of it can be read from where it says, and it says of how many.
 */
@Timeout(30)
class SunSpecFuzzTest {
  private static final int[] BASES = {40_000, 50_000, 0};
  private static final int REGISTERS = 65_536;

  /**
   * An input is: where the device has its models (bits 0 and 1), whether points without a value are
   * wanted too (bit 2), and how much it answers at once (bits 3 to 7); then the registers behind
   * {@code SunS}. What lies behind those it refuses.
   */
  @FuzzTest
  void models(byte[] input) throws Exception {
    if (input.length < 1) {
      return;
    }
    int base = BASES[(input[0] & 3) % BASES.length];
    int[] device = device(base, input);
    int longest = 1 + (input[0] >> 3 & 31) * 4;

    SunSpecDiscovery.Result result =
        new SunSpecDiscovery(
                (start, count) -> read(device, start, count), longest, (input[0] & 4) != 0)
            .run(new Ignored());

    RegisterMap map = RegisterMap.parse(result.map(), "fuzz.csv");
    assertThat(map.errors()).as(result.map()).isEmpty();
    assertThat(map.points()).hasSize(result.points());
    map.points().forEach(point -> assertReadable(device, point));
  }

  /** Minus one where it has nothing. */
  private static int[] device(int base, byte[] input) {
    int[] device = new int[REGISTERS];
    Arrays.fill(device, -1);
    device[base] = 0x5375;
    device[base + 1] = 0x6e53;
    for (int i = 0; 2 * i + 2 < input.length && base + 2 + i < REGISTERS; i++) {
      device[base + 2 + i] = Reference.word(input, 1 + 2 * i);
    }
    return device;
  }

  private static int[] read(int[] device, int start, int count) {
    assertThat(start).isNotNegative();
    assertThat(count).isBetween(1, 125);
    assertThat(start + count).isLessThanOrEqualTo(REGISTERS);
    int[] found = Arrays.copyOfRange(device, start, start + count);
    return Arrays.stream(found).anyMatch(word -> word < 0) ? null : found;
  }

  private static void assertReadable(int[] device, PointDefinition point) {
    ModbusAddress address = ModbusAddress.parse(point.address(), false);
    RegisterCodec codec = Codecs.of(point.type(), point.order());
    assertThat(address.wire() + codec.width()).isLessThanOrEqualTo(REGISTERS);
    int[] words = Arrays.copyOfRange(device, address.wire(), address.wire() + codec.width());
    RecordingSink sink = new RecordingSink();
    codec.decode(Arrays.stream(words).map(word -> word & 0xffff).toArray(), 0, 0, sink);
    assertThat(sink.deliveries(0)).as("%s", point).hasSize(1);
  }

  private static final class Ignored implements SunSpecDiscovery.Report {
    @Override
    public void model(int id, String title, String address, int length, String remark) {
      assertThat(id).isBetween(1, 0xfffe);
      assertThat(length).isPositive();
    }

    @Override
    public void progress(int done, int of, String text) {
      assertThat(done).isBetween(0, of);
    }
  }
}
