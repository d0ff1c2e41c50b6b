package io.snaprail.driver.modbus.internal.sunspec;

import io.snaprail.api.driver.DriverException;
import io.snaprail.driver.modbus.internal.codec.SunSpecType;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** What the registers of a model hold now, as far as the device gives it. */
final class Content {
  private static final int UNKNOWN = -1;

  private final int[] words;

  private Content(int[] words) {
    this.words = words;
  }

  /**
   * Reads a model.
   *
   * @param longest read, in registers
   */
  static Content read(Registers registers, Chain.Found found, int longest)
      throws DriverException, InterruptedException {
    int[] words = new int[Model.HEADER + found.length()];
    Arrays.fill(words, UNKNOWN);
    for (int at = 0; at < words.length; at += longest) {
      int count = Math.min(longest, words.length - at);
      int[] part = registers.read(found.address() + at, count);
      if (part != null) {
        System.arraycopy(part, 0, words, at, count);
      }
    }
    return new Content(words);
  }

  /** Registers of a type. */
  static int width(String type) {
    SunSpecType base = SunSpecType.find(type);
    if (base != null) {
      return base.width();
    }
    int number = Integer.parseInt(type.replaceAll("\\D", ""));
    return type.startsWith("string") ? (number + 1) / 2 : number / 16;
  }

  private boolean known(int offset, int width) {
    return offset >= 0
        && offset + width <= words.length
        && Arrays.stream(words, offset, offset + width).noneMatch(word -> word == UNKNOWN);
  }

  /** Whether the device says that it has no value there now. */
  boolean none(String type, int offset) {
    SunSpecType base = SunSpecType.find(type);
    if (base != null) {
      return !base.counter() && known(offset, base.width()) && base.none(words, offset);
    }
    if (type.startsWith("float")) {
      return known(offset, 2)
          && Float.isNaN(Float.intBitsToFloat(words[offset] << 16 | words[offset + 1]));
    }
    return type.startsWith("string") && known(offset, width(type)) && text(type, offset).isEmpty();
  }

  /** The scale factor at an offset; null when it is not known or there is none. */
  @Nullable Integer factor(int offset) {
    if (!known(offset, 1)) {
      return null;
    }
    int factor = (short) words[offset];
    return Math.abs(factor) <= 10 ? factor : null;
  }

  /** Whether the device says that it has no such scale factor. */
  boolean noFactor(int offset) {
    return known(offset, 1) && factor(offset) == null;
  }

  /** The text of a type such as {@code string(32)}, in one line; empty when it is not known. */
  String text(String type, int offset) {
    int registers = width(type);
    if (!known(offset, registers)) {
      return "";
    }
    byte[] bytes = new byte[2 * registers];
    for (int i = 0; i < registers; i++) {
      bytes[2 * i] = (byte) (words[offset + i] >> 8);
      bytes[2 * i + 1] = (byte) words[offset + i];
    }
    String text = new String(bytes, StandardCharsets.UTF_8);
    int end = text.indexOf('\0');
    return (end < 0 ? text : text.substring(0, end)).replaceAll("[\\p{Cntrl}\ufffd]", " ").strip();
  }
}
