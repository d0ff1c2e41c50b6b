package io.snaprail.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.snaprail.api.model.Value;
import io.snaprail.driver.modbus.internal.ModbusAddress;
import io.snaprail.driver.modbus.internal.codec.Codecs;
import io.snaprail.driver.modbus.internal.codec.RegisterCodec;
import io.snaprail.testkit.RecordingSink;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import org.junit.jupiter.api.Timeout;

/** Types, orders and addresses as people write them, and what registers mean by them. */
@Timeout(30)
class TypesFuzzTest {
  /** An input is: a line with a type, a line with an order, then registers. */
  @FuzzTest
  void type(byte[] input) {
    int first = lineEnd(input, 0);
    int second = lineEnd(input, first + 1);
    String type = text(input, 0, first);
    String order = text(input, first + 1, second);
    byte[] registers = Arrays.copyOfRange(input, Math.min(second + 1, input.length), input.length);
    RegisterCodec codec;
    try {
      codec = Codecs.of(type, order);
    } catch (IllegalArgumentException e) {
      assertThat(e.getMessage()).isNotBlank();
      return;
    }
    assertThat(codec.width()).isBetween(1, 125);
    assertThat(codec.mask()).isBetween(1, 0xffff);
    byte[] bytes = Arrays.copyOf(registers, 2 * codec.width());

    RecordingSink sink = decode(codec, words(bytes));

    assertThat(sink.deliveries(7)).hasSize(1);
    Value value = sink.value(7);
    if (!ReferenceValue.knows(codec.type())) {
      assertEncoded(codec, value);
      return;
    }
    if (type.indexOf('!') < 0) {
      assertThat(value).isEqualTo(ReferenceValue.of(codec.type(), order, bytes));
    }
    if (value != null) {
      assertWritten(codec, value, words(bytes));
    }
  }

  /** Of types without a reference: what was read can be written, or is refused in words. */
  private static void assertEncoded(RegisterCodec codec, Value value) {
    if (value != null) {
      try {
        assertThat(codec.encode(value)).hasSizeBetween(1, codec.width());
      } catch (IllegalArgumentException e) {
        assertThat(e.getMessage()).isNotBlank();
      }
    }
  }

  /** What was read and is written back comes to stand in the registers as it stood there. */
  private static void assertWritten(RegisterCodec codec, Value value, int[] words) {
    int[] written;
    try {
      written = codec.encode(value);
    } catch (IllegalArgumentException e) {
      // NaN and infinities are no values: the core delivers them as bad.
      assertThat(Double.isFinite(value.number())).as("%s: %s", codec.type(), e).isFalse();
      return;
    }
    boolean nan = Double.isNaN(value.number());
    if (!nan) {
      for (int i = 0; i < words.length; i++) {
        words[i] &= codec.mask();
      }
      assertThat(written).isEqualTo(words);
    } else {
      assertThat(decode(codec, written).value(7)).isEqualTo(value);
    }
  }

  private static RecordingSink decode(RegisterCodec codec, int[] words) {
    int[] shifted = new int[words.length + 3];
    Arrays.fill(shifted, 0x5aa5);
    System.arraycopy(words, 0, shifted, 2, words.length);
    RecordingSink sink = new RecordingSink();
    codec.decode(shifted, 2, 7, sink);
    return sink;
  }

  /** An input is: whether addresses count from 0 or from 1, then an address. */
  @FuzzTest
  void address(byte[] input) {
    if (input.length < 1) {
      return;
    }
    boolean zeroBased = input[0] % 2 == 0;
    String text = text(input, 1, input.length);
    ModbusAddress address;
    try {
      address = ModbusAddress.parse(text, zeroBased);
    } catch (IllegalArgumentException e) {
      assertThat(e.getMessage()).isNotBlank();
      return;
    }
    assertThat(address.wire()).isBetween(0, 65_535);
    assertThat(address.bit()).isBetween(-1, 15);
    assertThat(ModbusAddress.parse(plain(address, zeroBased), zeroBased)).isEqualTo(address);
    assertThat(number(text, zeroBased)).isEqualTo(address.wire());
  }

  private static String plain(ModbusAddress address, boolean zeroBased) {
    String part =
        switch (address.half()) {
          case HIGH -> ".h";
          case LOW -> ".l";
          case NONE -> address.bit() < 0 ? "" : "." + address.bit();
        };
    return address.table().label() + ":" + (address.wire() + (zeroBased ? 0 : 1)) + part;
  }

  /** The address on the wire by another way than the driver's; the text is known to be right. */
  private static int number(String text, boolean zeroBased) {
    String plain = text.trim().toLowerCase(Locale.ROOT).replaceFirst("\\.[0-9hl]+$", "");
    int colon = plain.indexOf(':');
    if (colon < 0) {
      return Integer.parseInt(plain.substring(plain.charAt(1) == 'x' ? 2 : 1)) - 1;
    }
    return Integer.decode(plain.substring(colon + 1).replaceFirst("^0+(?=[0-9])", ""))
        - (zeroBased ? 0 : 1);
  }

  private static int[] words(byte[] bytes) {
    int[] words = new int[bytes.length / 2];
    for (int i = 0; i < words.length; i++) {
      words[i] = Reference.word(bytes, 2 * i);
    }
    return words;
  }

  private static String text(byte[] input, int from, int to) {
    int start = Math.min(from, input.length);
    return new String(
        input, start, Math.max(start, Math.min(to, input.length)) - start, StandardCharsets.UTF_8);
  }

  private static int lineEnd(byte[] input, int from) {
    int end = from;
    while (end < input.length && input[end] != '\n') {
      end++;
    }
    return end;
  }
}
