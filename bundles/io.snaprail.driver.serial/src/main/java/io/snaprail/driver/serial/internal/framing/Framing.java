package io.snaprail.driver.serial.internal.framing;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Makes the shape of frames from settings. */
public final class Framing {
  private static final int MAX_FRAME = 65_536;

  private Framing() {}

  /**
   * The settings of a frame, as they are written.
   *
   * @param frame kind; key {@code frame}
   * @param start start mark; key {@code frame.start}
   * @param end end mark, or delimiters with {@code |} between them; key {@code frame.end}
   * @param escape one byte; key {@code frame.escape}
   * @param escapeXor 0..255; key {@code frame.escape.xor}
   * @param escapeCodes pairs: byte behind the escape, byte that it stands for; key {@code
   *     frame.escape.codes}
   * @param trailer bytes behind the end mark, 0..16; key {@code frame.trailer}
   * @param length of a frame of fixed length; key {@code frame.length}
   * @param field field that tells the length
   * @param pattern regular expression; key {@code frame.pattern}
   * @param longest longest frame in bytes; key {@code frame.max}
   */
  public record Settings(
      String frame,
      String start,
      String end,
      String escape,
      int escapeXor,
      String escapeCodes,
      int trailer,
      int length,
      LengthField field,
      String pattern,
      int longest) {}

  /**
   * A field that tells the length of a frame.
   *
   * @param offset in the frame, start mark included; key {@code frame.length.offset}
   * @param width 1, 2 or 4 bytes; key {@code frame.length.width}
   * @param little whether the least significant byte comes first; key {@code frame.length.order}
   * @param mask bits that tell the length, hexadecimal; empty for all; key {@code
   *     frame.length.mask}
   * @param adjust length of the whole frame less what the field says; key {@code
   *     frame.length.adjust}
   */
  public record LengthField(int offset, int width, boolean little, String mask, int adjust) {}

  private enum Kind {
    DELIMITER("delimiter", Framing::delimited),
    START_END("start-end", Framing::marked),
    FIXED("fixed", Framing::fixed),
    LENGTH("length", Framing::sized),
    SILENCE("silence", settings -> new SilenceShape()),
    PATTERN("pattern", Framing::pattern);

    private final String code;

    @SuppressWarnings("ImmutableEnumChecker") // A method.
    private final Function<Settings, FrameShape> maker;

    Kind(String code, Function<Settings, FrameShape> maker) {
      this.code = code;
      this.maker = maker;
    }
  }

  /**
   * The shape that settings describe.
   *
   * @throws IllegalArgumentException naming the key, what was expected and what was found
   */
  public static FrameShape shape(Settings settings) {
    range("frame.max", 2 * FrameScanner.MAX_MARK, MAX_FRAME, settings.longest());
    String wanted = settings.frame().strip().toLowerCase(Locale.ROOT);
    for (Kind kind : Kind.values()) {
      if (kind.code.equals(wanted)) {
        return kind.maker.apply(settings);
      }
    }
    throw new IllegalArgumentException(
        "frame: expected "
            + Arrays.stream(Kind.values()).map(k -> k.code).collect(Collectors.joining(", "))
            + "; found '"
            + settings.frame()
            + "'");
  }

  private static FrameShape delimited(Settings settings) {
    List<byte[]> delimiters =
        Arrays.stream(settings.end().split("\\|", -1)).map(d -> mark("frame.end", d, 1)).toList();
    return new DelimitedShape(
        mark("frame.start", settings.start(), 0), delimiters, escape(settings));
  }

  private static FrameShape marked(Settings settings) {
    return new MarkedShape(
        mark("frame.start", settings.start(), 1),
        mark("frame.end", settings.end(), 1),
        escape(settings),
        range("frame.trailer", 0, FrameScanner.MAX_MARK, settings.trailer()));
  }

  private static Escape escape(Settings settings) {
    byte[] escape = Escapes.bytes("frame.escape", settings.escape());
    byte[] pairs = Escapes.bytes("frame.escape.codes", settings.escapeCodes());
    int xor = range("frame.escape.xor", 0, 255, settings.escapeXor());
    if (escape.length > 1) {
      throw new IllegalArgumentException(
          "frame.escape: expected one byte such as \\x10, found '" + settings.escape() + "'");
    }
    if (pairs.length % 2 != 0) {
      throw new IllegalArgumentException(
          "frame.escape.codes: expected pairs of bytes such as \\xDC\\xC0\\xDD\\xDB (what stands"
              + " behind the escape, and what it means), found '"
              + settings.escapeCodes()
              + "'");
    }
    if (escape.length == 0 ? pairs.length > 0 || xor != 0 : pairs.length > 0 && xor != 0) {
      throw new IllegalArgumentException(
          "frame.escape.codes, frame.escape.xor: expected one of them, and only with frame.escape;"
              + " found '"
              + settings.escapeCodes()
              + "' and "
              + xor
              + " with frame.escape '"
              + settings.escape()
              + "'");
    }
    Map<Integer, Integer> codes = new HashMap<>();
    for (int i = 0; i < pairs.length; i += 2) {
      codes.put(pairs[i] & 0xff, pairs[i + 1] & 0xff);
    }
    return escape.length == 0 ? Escape.NO : new Escape(escape[0] & 0xff, xor, codes);
  }

  private static FrameShape fixed(Settings settings) {
    int length = range("frame.length", 1, settings.longest(), settings.length());
    return sized(settings, SizedShape.fixed(length));
  }

  private static FrameShape sized(Settings settings) {
    LengthField field = settings.field();
    if (field.width() != 1 && field.width() != 2 && field.width() != 4) {
      throw new IllegalArgumentException(
          "frame.length.width: expected 1, 2 or 4 bytes, found " + field.width());
    }
    range("frame.length.adjust", -MAX_FRAME, MAX_FRAME, field.adjust());
    int offset =
        range("frame.length.offset", 0, settings.longest() - field.width(), field.offset());
    return sized(
        settings,
        new SizedShape.Field(
            offset,
            field.width(),
            field.little(),
            mask(field),
            field.adjust(),
            settings.longest()));
  }

  private static long mask(LengthField field) {
    String text = field.mask().strip();
    int digits = 2 * field.width();
    boolean hex = text.matches("(?:0x)?[0-9a-fA-F]{1," + digits + "}");
    long mask = hex ? Long.parseLong(text.replace("0x", ""), 16) : 0;
    if (!text.isEmpty() && mask == 0) {
      throw new IllegalArgumentException(
          "frame.length.mask: expected nothing, or up to "
              + digits
              + " hexadecimal digits that are not all 0, such as 03FF; found '"
              + field.mask()
              + "'");
    }
    return mask;
  }

  private static FrameShape sized(Settings settings, SizedShape.Size size) {
    return new SizedShape(
        mark("frame.start", settings.start(), 0), mark("frame.end", settings.end(), 0), size);
  }

  private static FrameShape pattern(Settings settings) {
    if (settings.pattern().isEmpty()) {
      throw new IllegalArgumentException(
          "frame.pattern: expected a regular expression that matches a frame, found nothing");
    }
    return new PatternShape(Patterns.compile("frame.pattern", settings.pattern()));
  }

  private static byte[] mark(String key, String text, int least) {
    byte[] bytes = Escapes.bytes(key, text);
    if (bytes.length < least || bytes.length > FrameScanner.MAX_MARK) {
      throw new IllegalArgumentException(
          key
              + ": expected "
              + least
              + ".."
              + FrameScanner.MAX_MARK
              + " bytes such as \\r\\n or \\x02, found '"
              + text
              + "'");
    }
    return bytes;
  }

  private static int range(String key, int least, int most, int value) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          key + ": expected " + least + ".." + most + ", found " + value);
    }
    return value;
  }
}
