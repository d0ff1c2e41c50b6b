package io.snaprail.core.internal.points;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The text of a map out of the bytes of a file, and back. UTF-8, and UTF-16 with a byte order mark;
 * nothing else can be told apart for certain, and a degree sign that is read wrongly would go to
 * the cloud like that.
 */
public final class MapText {
  private static final Charset WESTERN = Charset.forName("windows-1252");
  private static final String SAVE_AS = "save it as \"CSV UTF-8\"";

  private MapText() {}

  /** Bytes that are no text. */
  public static final class NoTextException extends Exception {
    private static final long serialVersionUID = 1L;

    /** Where, from 1; 0 when it is not known. */
    final int line;

    NoTextException(int line, String message) {
      super(message);
      this.line = line;
    }
  }

  /**
   * The text; a byte order mark stays in it.
   *
   * @throws NoTextException when it is neither UTF-8 nor UTF-16; the message says what to do
   */
  public static String decode(byte[] bytes) throws NoTextException {
    if (startsWith(bytes, 0xff, 0xfe)) {
      return strict(bytes, StandardCharsets.UTF_16LE);
    }
    if (startsWith(bytes, 0xfe, 0xff)) {
      return strict(bytes, StandardCharsets.UTF_16BE);
    }
    return strict(bytes, StandardCharsets.UTF_8);
  }

  private static boolean startsWith(byte[] bytes, int first, int second) {
    return bytes.length >= 2 && (bytes[0] & 0xff) == first && (bytes[1] & 0xff) == second;
  }

  private static String strict(byte[] bytes, Charset charset) throws NoTextException {
    ByteBuffer in = ByteBuffer.wrap(bytes);
    CharBuffer out = CharBuffer.allocate(bytes.length);
    CharsetDecoder decoder = charset.newDecoder();
    CoderResult result = decoder.decode(in, out, true);
    out.flip();
    String text = out.toString();
    if (text.indexOf('\0') >= 0) {
      throw new NoTextException(0, "is no text, or UTF-16 without its mark; " + SAVE_AS);
    }
    if (!result.isError()) {
      return text;
    }
    int line = 1 + (int) text.chars().filter(c -> c == '\n').count();
    if (!charset.equals(StandardCharsets.UTF_8)) {
      throw new NoTextException(line, "is damaged UTF-16; " + SAVE_AS);
    }
    byte wrong = bytes[in.position()];
    throw new NoTextException(
        line,
        String.format(
            "is not UTF-8: found byte 0x%02X, which is '%s' in Windows-1252; %s",
            wrong, new String(new byte[] {wrong}, WESTERN), SAVE_AS));
  }

  /**
   * The bytes in UTF-8.
   *
   * @throws IllegalArgumentException when the text has half a character
   */
  public static byte[] encode(String text) {
    try {
      ByteBuffer bytes = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(text));
      byte[] array = new byte[bytes.remaining()];
      bytes.get(array);
      return array;
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException("the text holds half a character: " + SAVE_AS, e);
    }
  }

  /**
   * What went wrong when a field was read before it came here.
   *
   * @return null when it looks well
   */
  static @Nullable String fault(String field) {
    if (field.chars().allMatch(c -> c > 0 && c < 0x80)) {
      return null;
    }
    if (field.indexOf('\ufffd') >= 0 || field.indexOf('\0') >= 0) {
      return "a character was lost when the file was read or written in a wrong encoding: put it"
          + " right and "
          + SAVE_AS;
    }
    String meant = misread(field);
    return meant == null
        ? null
        : "it was '"
            + meant
            + "' once, and was read in a wrong encoding: put it right and "
            + SAVE_AS;
  }

  /** What it was, when it is UTF-8 that was read as Windows-1252; else null. */
  private static @Nullable String misread(String field) {
    try {
      ByteBuffer bytes = WESTERN.newEncoder().encode(CharBuffer.wrap(field));
      return StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
    } catch (CharacterCodingException e) {
      return null;
    }
  }
}
