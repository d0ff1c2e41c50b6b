package io.snaprail.driver.serial.internal.checksum;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * Where the checksum of a frame stands and what it is taken over. Places are counted from the first
 * byte of the frame, start mark included; negative ones from behind its last byte, end mark
 * included: -1 is the last byte.
 *
 * @param algorithm how it is computed
 * @param from first byte that it is taken over; key {@code checksum.from}
 * @param to behind the last byte that it is taken over; 0 for "up to the checksum itself"; key
 *     {@code checksum.to}
 * @param at its own first byte; key {@code checksum.at}
 * @param form how it is written; key {@code checksum.form}
 */
public record Checksum(Algorithm algorithm, int from, int to, int at, Form form) {

  /** How a checksum is written. */
  public enum Form {
    /** Bytes, the most significant first. */
    BIG("big"),
    /** Bytes, the least significant first. */
    LITTLE("little"),
    /** Hexadecimal digits in either case, the most significant first. */
    HEX("hex");

    private final String code;

    Form(String code) {
      this.code = code;
    }

    /** The form used in settings. */
    public String code() {
      return code;
    }

    /**
     * Reads a setting.
     *
     * @param key of the setting, for the message
     * @throws IllegalArgumentException naming the key, what was expected and what was found
     */
    public static Form parse(String key, String text) {
      String wanted = text.strip().toLowerCase(Locale.ROOT);
      for (Form form : values()) {
        if (form.code.equals(wanted)) {
          return form;
        }
      }
      throw new IllegalArgumentException(
          key
              + ": expected "
              + Arrays.stream(values()).map(Form::code).collect(Collectors.joining(", "))
              + "; found '"
              + text
              + "'");
    }
  }

  /** How many bytes it takes in the frame. */
  public int width() {
    int bytes = algorithm.bits() / 8;
    return form == Form.HEX ? 2 * bytes : bytes;
  }

  /**
   * What is wrong with a frame.
   *
   * @return empty when the checksum is right
   */
  public String fault(byte[] frame) {
    int place = index(at, frame.length);
    int first = index(from, frame.length);
    int end = to == 0 ? place : index(to, frame.length);
    if (place < 0 || place + width() > frame.length || first < 0 || end > frame.length) {
      return "too short for its checksum: " + frame.length + " bytes";
    }
    if (first > end) {
      return "too short for what the checksum is taken over: " + frame.length + " bytes";
    }
    byte[] expected = written(algorithm.of(frame, first, end));
    byte[] found = Arrays.copyOfRange(frame, place, place + width());
    if (Arrays.equals(expected, form == Form.HEX ? upper(found) : found)) {
      return "";
    }
    return "checksum " + shown(found) + ", expected " + shown(expected);
  }

  /**
   * Puts the checksum into a frame that is to be sent.
   *
   * @param frame holds anything where it is to stand; not changed
   * @param place where it stands, whatever {@code checksum.at} says of frames that come
   * @throws IllegalArgumentException when the frame is too short for what it is taken over
   */
  public byte[] into(byte[] frame, int place) {
    int first = index(from, frame.length);
    int end = to == 0 ? place : index(to, frame.length);
    if (first < 0 || first > end || end > frame.length) {
      throw new IllegalArgumentException(
          "checksum.from, checksum.to: expected places in a command of "
              + frame.length
              + " bytes, found "
              + from
              + " and "
              + to);
    }
    byte[] full = frame.clone();
    byte[] written = written(frame, first, end);
    System.arraycopy(written, 0, full, place, written.length);
    return full;
  }

  /**
   * The checksum of some bytes as it is written in a frame.
   *
   * @param bytes all that it is taken over
   */
  public byte[] written(byte[] bytes, int start, int end) {
    return written(algorithm.of(bytes, start, end));
  }

  private byte[] written(long value) {
    int bytes = algorithm.bits() / 8;
    byte[] big = new byte[bytes];
    for (int i = 0; i < bytes; i++) {
      big[form == Form.LITTLE ? i : bytes - 1 - i] = (byte) (value >> (8 * i));
    }
    if (form != Form.HEX) {
      return big;
    }
    String digits = HexFormat.of().withUpperCase().formatHex(big);
    byte[] text = new byte[digits.length()];
    for (int i = 0; i < text.length; i++) {
      text[i] = (byte) digits.charAt(i);
    }
    return text;
  }

  private static byte[] upper(byte[] digits) {
    byte[] upper = digits.clone();
    for (int i = 0; i < upper.length; i++) {
      if (upper[i] >= 'a' && upper[i] <= 'f') {
        upper[i] = (byte) (upper[i] - 'a' + 'A');
      }
    }
    return upper;
  }

  private String shown(byte[] bytes) {
    return form == Form.HEX
        ? "'" + new String(bytes, StandardCharsets.ISO_8859_1) + "'"
        : HexFormat.of().withUpperCase().formatHex(bytes);
  }

  private static int index(int place, int length) {
    return place < 0 ? length + place : place;
  }
}
