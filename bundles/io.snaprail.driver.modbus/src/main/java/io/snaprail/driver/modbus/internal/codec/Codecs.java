package io.snaprail.driver.modbus.internal.codec;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The types a point may have. A type is a name, a width and a way to make its codec: a new one is a
 * new entry here.
 */
public final class Codecs {
  /** The type of single bits. */
  public static final String BOOL = "bool";

  /** A type that fills whole registers. */
  private record Entry(int width, Function<RegisterOrder, RegisterCodec> maker) {}

  private static final Map<String, Entry> TYPES = new LinkedHashMap<>();

  static {
    integer("int16", 1, true);
    integer("uint16", 1, false);
    integer("int32", 2, true);
    integer("uint32", 2, false);
    TYPES.put("float32", new Entry(2, order -> new Float32Codec("float32", order)));
  }

  /** What other systems call these types, and common slips, for suggestions. */
  private static final Map<String, String> OTHER_NAMES =
      Map.ofEntries(
          Map.entry("short", "int16"),
          Map.entry("int", "int16"),
          Map.entry("s16", "int16"),
          Map.entry("i16", "int16"),
          Map.entry("word", "uint16"),
          Map.entry("ushort", "uint16"),
          Map.entry("uint", "uint16"),
          Map.entry("u16", "uint16"),
          Map.entry("dint", "int32"),
          Map.entry("long", "int32"),
          Map.entry("s32", "int32"),
          Map.entry("i32", "int32"),
          Map.entry("dword", "uint32"),
          Map.entry("udint", "uint32"),
          Map.entry("ulong", "uint32"),
          Map.entry("u32", "uint32"),
          Map.entry("float", "float32"),
          Map.entry("real", "float32"),
          Map.entry("f32", "float32"),
          Map.entry("single", "float32"),
          Map.entry("unit16", "uint16"),
          Map.entry("unit32", "uint32"),
          Map.entry("boolean", BOOL),
          Map.entry("bit", BOOL),
          Map.entry("coil", BOOL));

  private Codecs() {}

  private static void integer(String type, int width, boolean signed) {
    TYPES.put(type, new Entry(width, order -> new IntegerCodec(type, width, signed, order)));
  }

  /** The codec of a coil or a discrete input. */
  public static RegisterCodec bool() {
    return new BoolCodec(BOOL);
  }

  /**
   * The codec of a bit of a register.
   *
   * @param bit 0..15, 0 the least significant
   * @param order text of the byte order, as in {@link #of}
   * @throws IllegalArgumentException expected and found
   */
  public static RegisterCodec bit(int bit, String order) {
    return new BitCodec(BOOL, bit, order(order, BOOL, 1));
  }

  /**
   * The codec of a type that fills registers.
   *
   * @param type name in either case
   * @param order letters such as {@code CDAB}; empty for the default
   * @throws IllegalArgumentException when there is no such type or order: expected and found
   */
  public static RegisterCodec of(String type, String order) {
    String name = type.toLowerCase(Locale.ROOT);
    Entry entry = TYPES.get(name);
    if (entry == null) {
      throw new IllegalArgumentException(
          "type '" + type + "': expected one of " + choices() + suggestion(name));
    }
    return entry.maker().apply(order(order, name, entry.width()));
  }

  /** Whether there is a type of this name that fills registers. */
  public static boolean known(String type) {
    return TYPES.containsKey(type.toLowerCase(Locale.ROOT));
  }

  /** The names of all types, for messages. */
  public static String choices() {
    return BOOL + ", " + String.join(", ", TYPES.keySet());
  }

  /** {@code ; did you mean 'float32'?}, or nothing when no type resembles the name. */
  public static String suggestion(String name) {
    String other = OTHER_NAMES.get(name);
    if (other == null) {
      other = closest(name, TYPES.keySet());
    }
    if (other == null) {
      other = closest(name, Set.of(BOOL));
    }
    return other == null ? "" : "; did you mean '" + other + "'?";
  }

  private static RegisterOrder order(String text, String type, int width) {
    RegisterOrder order = RegisterOrder.find(text, width);
    if (order == null) {
      throw new IllegalArgumentException(
          "order '"
              + text
              + "' for "
              + type
              + ": expected "
              + RegisterOrder.choices(width)
              + ", or nothing for the default "
              + RegisterOrder.BIG_ENDIAN.letters(width));
    }
    return order;
  }

  private static @Nullable String closest(String name, Set<String> candidates) {
    String best = null;
    int least = 3;
    String digits = digits(name);
    for (String candidate : candidates) {
      int distance = distance(name, candidate);
      // Who writes int64 means 64 bits: int16 is no help.
      if (distance < least && (digits.isEmpty() || digits.equals(digits(candidate)))) {
        least = distance;
        best = candidate;
      }
    }
    return best;
  }

  private static String digits(String name) {
    return name.replaceAll("\\D", "");
  }

  /** Levenshtein distance: how many letters must be added, removed or replaced. */
  private static int distance(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[b.length()];
  }
}
