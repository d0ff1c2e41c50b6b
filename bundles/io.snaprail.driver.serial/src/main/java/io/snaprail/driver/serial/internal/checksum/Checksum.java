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
 * @param computation how it is computed
 * @param from first byte that it is taken over; key {@code checksum.from}
 * @param to behind the last byte that it is taken over; 0 for "up to the checksum itself"; key
 *     {@code checksum.to}
 * @param at its own first byte; key {@code checksum.at}
 * @param form how it is written; key {@code checksum.form}
 */
public record Checksum(Computation computation, int from, int to, int at, Form form) {
  private static final int WEAK_BITS = 8;

  /** How a checksum is written. */
  public enum Form {
    /** Bytes, the most significant first. */
    BIG("big"),
    /** Bytes, the least significant first. */
    LITTLE("little"),
    /** Hexadecimal digits, the most significant first: read in either case, sent as capitals. */
    HEX("hex"),
    /** The same, sent in small letters. */
    HEX_LOWER("hex-lower"),
    /** Hexadecimal digits of the bytes, the least significant byte first. */
    HEX_LITTLE("hex-little"),
    /** Decimal digits with zeros in front: 3 for 8 bits, 5 for 16, 10 for 32. */
    DECIMAL("decimal"),
    /** Half bytes as characters from 0 (0x30) to ? (0x3F), the most significant first. */
    NIBBLES("nibbles");

    private final String code;

    Form(String code) {
      this.code = code;
    }

    /** The form used in settings. */
    public String code() {
      return code;
    }

    private boolean letters() {
      return this == HEX || this == HEX_LOWER || this == HEX_LITTLE;
    }

    private boolean text() {
      return letters() || this == DECIMAL || this == NIBBLES;
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

  /** An algorithm as it is published. */
  public Checksum(Algorithm algorithm, int from, int to, int at, Form form) {
    this(Computation.of(algorithm), from, to, at, form);
  }

  /** What is computed. */
  public Algorithm algorithm() {
    return computation.algorithm();
  }

  /** Whether damaged frames pass unseen so often that people must know it. */
  public boolean weak() {
    return algorithm().bits() <= WEAK_BITS;
  }

  private int octets() {
    return (algorithm().bits() + 7) / 8;
  }

  /** How many bytes it takes in the frame. */
  public int width() {
    if (form == Form.DECIMAL) {
      return String.valueOf((1L << algorithm().bits()) - 1).length();
    }
    return form.text() ? 2 * octets() : octets();
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
    byte[] expected = written(computation.of(frame, first, end));
    byte[] found = Arrays.copyOfRange(frame, place, place + width());
    if (Arrays.equals(
        form.letters() ? upper(expected) : expected, form.letters() ? upper(found) : found)) {
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
    return written(computation.of(bytes, start, end));
  }

  private byte[] written(long value) {
    String digits =
        switch (form) {
          case BIG, LITTLE -> "";
          case DECIMAL -> ("%0" + width() + "d").formatted(value);
          default -> HexFormat.of().formatHex(octets(value, form == Form.HEX_LITTLE));
        };
    if (form == Form.HEX || form == Form.HEX_LITTLE) {
      digits = digits.toUpperCase(Locale.ROOT);
    }
    byte[] text = digits.getBytes(StandardCharsets.US_ASCII);
    for (int i = 0; form == Form.NIBBLES && i < text.length; i++) {
      text[i] = (byte) ('0' + Character.digit(text[i], 16));
    }
    return form.text() ? text : octets(value, form == Form.LITTLE);
  }

  private byte[] octets(long value, boolean little) {
    byte[] octets = new byte[octets()];
    for (int i = 0; i < octets.length; i++) {
      octets[little ? i : octets.length - 1 - i] = (byte) (value >> (8 * i));
    }
    return octets;
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
    return form.text()
        ? "'" + new String(bytes, StandardCharsets.ISO_8859_1) + "'"
        : HexFormat.of().withUpperCase().formatHex(bytes);
  }

  /** The checksum that stands in a frame that is long enough for it, as people read it. */
  public String in(byte[] frame) {
    int place = index(at, frame.length);
    return shown(Arrays.copyOfRange(frame, place, place + width()));
  }

  private static int index(int place, int length) {
    return place < 0 ? length + place : place;
  }
}
