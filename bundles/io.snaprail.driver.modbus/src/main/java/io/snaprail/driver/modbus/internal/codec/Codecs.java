package io.snaprail.driver.modbus.internal.codec;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The types a point may have. A type is a name, a width and a way to make its codec: a new one is a
 * new entry here.
 *
 * <ul>
 *   <li>{@code int8}, {@code uint8}: one byte of a register, the low one unless the address ends in
 *       {@code .h}; no order
 *   <li>{@code int16} to {@code int64}, {@code uint16} to {@code uint64}: whole numbers; {@code
 *       uint64} up to 2^63-1, beyond which it is bad
 *   <li>{@code float16}, {@code float32}, {@code float64}: IEEE 754
 *   <li>{@code bcd16}, {@code bcd32}: four or eight decimal digits
 *   <li>{@code bits(3..5)}: those bits of a register as a whole number, 0 the least significant
 *   <li>{@code unixtime32}, {@code unixtime64}: seconds since 1970; {@code unixtime64(ms)} and
 *       {@code (us)}: milliseconds and microseconds; a text in ISO 8601, see {@link Moments}
 *   <li>{@code datetime(ymdhms)} and others: date and time in fields, see {@link DateTimeLayout};
 *       of a clock on local time {@code datetime(ymdhms,Europe/Berlin)}
 *   <li>{@code string(20)}: a text of at most so many bytes, 1..250, two a register
 *   <li>{@code sunspec(uint16)}, {@code sunspec(int16,+12)}: a point of a SunSpec model, see {@link
 *       SunSpecCodec}
 * </ul>
 *
 * <p>Values that mean "none" are written behind the type of a number: {@code uint16!0xFFFF}, {@code
 * float32!-9999}, {@code int32!0x80000000!0x7FFFFFFF}. Hexadecimal gives the bits of a whole
 * number, decimal the value.
 */
public final class Codecs {
  /** The type of single bits. */
  public static final String BOOL = "bool";

  /** The longest text in bytes: as much as one read gives. */
  private static final int MAX_TEXT = 250;

  private static final Pattern RANGE = Pattern.compile("([0-9]{1,3}) *\\.\\. *([0-9]{1,3})");
  private static final Pattern NUMBER = Pattern.compile("[0-9]{1,4}");

  private static final Map<String, Moments> UNITS =
      Map.of("", Moments.SECONDS, "s", Moments.SECONDS, "ms", Moments.MILLIS, "us", Moments.MICROS);

  /**
   * A type.
   *
   * @param shown the name as it is written, with its argument if it has one
   * @param ordered registers that an order spans; 0 when the type has no order
   */
  private record Entry(String shown, int ordered, Maker maker) {
    /** A name in brackets may be left out: {@code unixtime64[(ms)]}. */
    boolean takes(String argument) {
      return shown.endsWith("]") || shown.endsWith(")") != argument.isEmpty();
    }
  }

  private interface Maker {
    RegisterCodec make(String argument, RegisterOrder order, boolean high);
  }

  private static final Map<String, Entry> TYPES = new LinkedHashMap<>();

  static {
    octet("int8", true);
    octet("uint8", false);
    for (int width : new int[] {1, 2, 4}) {
      integer("int" + 16 * width, width, true);
      integer("uint" + 16 * width, width, false);
    }
    put("float16", 1, (argument, order, high) -> new Float16Codec("float16", order));
    put("float32", 2, (argument, order, high) -> new Float32Codec("float32", order));
    put("float64", 4, (argument, order, high) -> new Float64Codec("float64", order));
    put("bcd16", 1, (argument, order, high) -> new BcdCodec("bcd16", 1, order));
    put("bcd32", 2, (argument, order, high) -> new BcdCodec("bcd32", 2, order));
    put("unixtime32", 2, (argument, order, high) -> unixTime(argument, 2, order));
    put("unixtime64[(ms)]", 4, (argument, order, high) -> unixTime(argument, 4, order));
    put("datetime(F)", 1, (argument, order, high) -> DateTimeCodec.of(argument, order));
    put("bits(A..B)", 1, (argument, order, high) -> field(argument, order));
    put("string(N)", 1, (argument, order, high) -> text(argument, order));
    put("sunspec(TYPE)", 1, (argument, order, high) -> SunSpecCodec.of(argument, order));
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
          Map.entry("sint", "int8"),
          Map.entry("s8", "int8"),
          Map.entry("i8", "int8"),
          Map.entry("byte", "uint8"),
          Map.entry("usint", "uint8"),
          Map.entry("u8", "uint8"),
          Map.entry("lint", "int64"),
          Map.entry("s64", "int64"),
          Map.entry("i64", "int64"),
          Map.entry("ulint", "uint64"),
          Map.entry("lword", "uint64"),
          Map.entry("u64", "uint64"),
          Map.entry("half", "float16"),
          Map.entry("double", "float64"),
          Map.entry("lreal", "float64"),
          Map.entry("f64", "float64"),
          Map.entry("bcd", "bcd16"),
          Map.entry("time", "unixtime32"),
          Map.entry("timestamp", "unixtime32"),
          Map.entry("unixtime", "unixtime32"),
          Map.entry("epoch", "unixtime32"),
          Map.entry("date", "datetime"),
          Map.entry("ti081", "datetime"),
          Map.entry("cp56time2a", "datetime"),
          Map.entry("text", "string"),
          Map.entry("str", "string"),
          Map.entry("ascii", "string"),
          Map.entry("boolean", BOOL),
          Map.entry("bit", BOOL),
          Map.entry("coil", BOOL));

  private Codecs() {}

  private static void put(String shown, int ordered, Maker maker) {
    TYPES.put(shown.replaceFirst("[\\[(].*", ""), new Entry(shown, ordered, maker));
  }

  private static void octet(String type, boolean signed) {
    put(type, 0, (argument, order, high) -> new PartCodec(type, high ? 8 : 0, 8, signed, order));
  }

  private static void integer(String type, int width, boolean signed) {
    // Most points are whole numbers, and there are many points: one codec serves all of a kind.
    Map<RegisterOrder, RegisterCodec> codecs = new ConcurrentHashMap<>();
    Maker maker =
        (argument, order, high) ->
            codecs.computeIfAbsent(order, o -> new IntegerCodec(type, width, signed, o));
    put(type, width, maker);
  }

  private static RegisterCodec unixTime(String argument, int width, RegisterOrder order) {
    Moments unit = UNITS.get(argument);
    if (unit == null) {
      throw new IllegalArgumentException(
          "type 'unixtime64(" + argument + ")': expected s, ms or us in parentheses, or nothing");
    }
    String shown = unit == Moments.SECONDS ? "" : "(" + argument + ")";
    return new UnixTimeCodec("unixtime" + 16 * width + shown, width, unit, order);
  }

  private static RegisterCodec field(String argument, RegisterOrder order) {
    Matcher range = RANGE.matcher(argument);
    if (range.matches()) {
      int first = Integer.parseInt(range.group(1));
      int last = Integer.parseInt(range.group(2));
      if (first <= last && last <= 15) {
        String type = "bits(" + first + ".." + last + ")";
        return new PartCodec(type, first, last - first + 1, false, order);
      }
    }
    throw new IllegalArgumentException(
        "type 'bits("
            + argument
            + ")': expected the first and the last bit, such as bits(3..5), of"
            + " 0..15");
  }

  private static RegisterCodec text(String argument, RegisterOrder order) {
    int bytes = NUMBER.matcher(argument).matches() ? Integer.parseInt(argument) : 0;
    if (bytes < 1 || bytes > MAX_TEXT) {
      throw new IllegalArgumentException(
          "type 'string("
              + argument
              + ")': expected the length in bytes, 1.."
              + MAX_TEXT
              + ", two a register");
    }
    return new StringCodec("string(" + bytes + ")", bytes, order);
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
   * The codec of a type in registers; of bytes the low one.
   *
   * @param type as register maps write it, in either case
   * @param order letters such as {@code CDAB}; empty for the default
   * @throws IllegalArgumentException when there is no such type or order: expected and found
   */
  public static RegisterCodec of(String type, String order) {
    return of(type, order, false);
  }

  /**
   * The codec of a byte in the high half of a register.
   *
   * @throws IllegalArgumentException when the type is no byte or there is an order
   */
  public static RegisterCodec highByte(String type, String order) {
    return of(type, order, true);
  }

  private static RegisterCodec of(String type, String order, boolean high) {
    TypeText parts = TypeText.of(type);
    Entry entry = TYPES.get(parts.name());
    if (entry == null || !entry.takes(parts.argument())) {
      throw new IllegalArgumentException(
          "type '" + type + "': expected one of " + choices() + suggestion(parts.name()));
    }
    RegisterCodec codec =
        entry.maker().make(parts.argument(), order(order, parts.name(), entry.ordered()), high);
    return SentinelCodec.of(codec, parts.marks());
  }

  /** Whether there is a type of this name in registers. */
  public static boolean known(String type) {
    return TYPES.containsKey(TypeText.of(type).name());
  }

  /** Whether it is a type of one byte, so that its address may say which half of the register. */
  public static boolean isByte(String type) {
    Entry entry = TYPES.get(TypeText.of(type).name());
    return entry != null && entry.ordered() == 0;
  }

  /** The names of all types, for messages. */
  public static String choices() {
    return BOOL
        + ", "
        + TYPES.values().stream().map(Entry::shown).collect(Collectors.joining(", "));
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
    if (other == null) {
      return "";
    }
    Entry entry = TYPES.get(other);
    return "; did you mean '" + (entry == null ? other : entry.shown()) + "'?";
  }

  private static RegisterOrder order(String text, String type, int width) {
    if (width == 0) {
      if (text.isEmpty()) {
        return RegisterOrder.BIG_ENDIAN;
      }
      throw new IllegalArgumentException(
          "order '" + text + "': a single byte (" + type + ") has none: leave it empty");
    }
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
