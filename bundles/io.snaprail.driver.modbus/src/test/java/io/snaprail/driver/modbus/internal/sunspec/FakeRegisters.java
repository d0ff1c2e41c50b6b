package io.snaprail.driver.modbus.internal.sunspec;

import io.snaprail.api.driver.DriverException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A unit in memory. What was not put there is refused. */
final class FakeRegisters implements Registers {
  final List<String> reads = new ArrayList<>();
  final Set<Integer> silent = new HashSet<>();
  private final int[] words = new int[65_536];
  private int at;

  FakeRegisters() {
    Arrays.fill(words, -1);
  }

  /** Where the following is put. */
  FakeRegisters at(int address) {
    at = address;
    return this;
  }

  FakeRegisters put(int... more) {
    for (int word : more) {
      words[at++] = word & 0xffff;
    }
    return this;
  }

  FakeRegisters text(String text, int registers) {
    byte[] bytes = Arrays.copyOf(text.getBytes(StandardCharsets.UTF_8), 2 * registers);
    for (int i = 0; i < registers; i++) {
      put((bytes[2 * i] & 0xff) << 8 | (bytes[2 * i + 1] & 0xff));
    }
    return this;
  }

  FakeRegisters suns() {
    return put(0x5375, 0x6e53);
  }

  FakeRegisters filled(int word, int count) {
    for (int i = 0; i < count; i++) {
      put(word);
    }
    return this;
  }

  @Override
  public int @Nullable [] read(int start, int count) throws DriverException {
    reads.add(start + "+" + count);
    if (start < 0 || count < 1 || count > 125 || start + count > words.length) {
      throw new AssertionError("read " + start + "+" + count);
    }
    if (silent.contains(start)) {
      throw DriverException.noAnswer("nothing from " + start, null);
    }
    int[] found = Arrays.copyOfRange(words, start, start + count);
    return Arrays.stream(found).anyMatch(word -> word < 0) ? null : found;
  }
}
