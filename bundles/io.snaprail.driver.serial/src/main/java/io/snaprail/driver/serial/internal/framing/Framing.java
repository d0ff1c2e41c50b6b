package io.snaprail.driver.serial.internal.framing;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
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
   * @param adjust length of the whole frame less what the field says; key {@code
   *     frame.length.adjust}
   */
  public record LengthField(int offset, int width, boolean little, int adjust) {}

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
    return new DelimitedShape(mark("frame.start", settings.start(), 0), delimiters);
  }

  private static FrameShape marked(Settings settings) {
    byte[] escape = mark("frame.escape", settings.escape(), 0);
    if (escape.length > 1) {
      throw new IllegalArgumentException(
          "frame.escape: expected one byte such as \\x10, found '" + settings.escape() + "'");
    }
    return new MarkedShape(
        mark("frame.start", settings.start(), 1),
        mark("frame.end", settings.end(), 1),
        escape.length == 0 ? MarkedShape.NO_ESCAPE : escape[0] & 0xff,
        range("frame.escape.xor", 0, 255, settings.escapeXor()),
        range("frame.trailer", 0, FrameScanner.MAX_MARK, settings.trailer()));
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
            offset, field.width(), field.little(), field.adjust(), settings.longest()));
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
    try {
      return new PatternShape(Pattern.compile(settings.pattern(), Pattern.DOTALL));
    } catch (PatternSyntaxException e) {
      throw new IllegalArgumentException(
          "frame.pattern: expected a regular expression, found '"
              + settings.pattern()
              + "': "
              + e.getDescription()
              + " at character "
              + (e.getIndex() + 1),
          e);
    }
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
