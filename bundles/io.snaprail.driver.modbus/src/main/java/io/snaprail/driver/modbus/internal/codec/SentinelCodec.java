package io.snaprail.driver.modbus.internal.codec;

import io.snaprail.api.driver.Sink;
import io.snaprail.api.model.Value;
import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;

/**
 * A type of which some values mean that there is none, such as {@code uint16!0xFFFF}: they are
 * delivered as bad. Writing is not affected.
 */
record SentinelCodec(RegisterCodec values, List<Mark> marks) implements RegisterCodec {

  /** One value that means none: as it was given, and as it stands in the registers. */
  private static final class Mark {
    private final String shown;
    private final int[] words;

    Mark(String text, int[] words) {
      boolean hex = text.startsWith("0x");
      this.shown = hex ? "0x" + text.substring(2).toUpperCase(Locale.ROOT) : text;
      this.words = words;
    }

    boolean matches(int[] other, int offset, int mask) {
      for (int i = 0; i < words.length; i++) {
        if ((other[offset + i] & mask) != words[i]) {
          return false;
        }
      }
      return true;
    }
  }

  /**
   * Adds marks to a type.
   *
   * @param texts the bits in hexadecimal after {@code 0x}, or a number of the type
   * @throws IllegalArgumentException when one is no value of the type: expected and found
   */
  static RegisterCodec of(RegisterCodec values, List<String> texts) {
    return texts.isEmpty()
        ? values
        : new SentinelCodec(
            values, texts.stream().map(t -> new Mark(t, words(values, t))).toList());
  }

  private static int[] words(RegisterCodec values, String text) {
    try {
      if (values instanceof BitPatternCodec codec && text.startsWith("0x")) {
        long pattern = Long.parseUnsignedLong(text.substring(2), 16);
        int bits = codec.bits();
        if (bits == Long.SIZE || pattern >>> bits == 0) {
          return codec.place(pattern);
        }
        throw unfit(values, text, "at most " + bits + " bits");
      }
      BigDecimal number = new BigDecimal(text).stripTrailingZeros();
      // 1e999999999 is not spelled out: it would take all memory.
      boolean whole = number.scale() <= 0 && number.scale() > -Long.SIZE;
      return values.encode(
          whole && number.toBigInteger().bitLength() < Long.SIZE
              ? new Value.Int(number.longValueExact())
              : new Value.Float64(number.doubleValue()));
    } catch (NumberFormatException e) {
      boolean hex = values instanceof BitPatternCodec;
      throw unfit(values, text, hex ? "a number, or bits such as 0x8000" : "a number");
    }
  }

  private static IllegalArgumentException unfit(RegisterCodec values, String text, String wanted) {
    return new IllegalArgumentException(
        "mark '!" + text + "' of " + values.type() + ": expected " + wanted);
  }

  @Override
  public String type() {
    return values.type();
  }

  @Override
  public int width() {
    return values.width();
  }

  @Override
  public int before() {
    return values.before();
  }

  @Override
  public boolean writable() {
    return values.writable();
  }

  @Override
  public int mask() {
    return values.mask();
  }

  @Override
  public void decode(int[] words, int offset, int index, Sink sink) {
    for (Mark mark : marks) {
      if (mark.matches(words, offset, mask())) {
        sink.bad(index, "the device gave " + mark.shown + ", which means that it has no value");
        return;
      }
    }
    values.decode(words, offset, index, sink);
  }

  @Override
  public int[] encode(Value value) {
    return values.encode(value);
  }
}
