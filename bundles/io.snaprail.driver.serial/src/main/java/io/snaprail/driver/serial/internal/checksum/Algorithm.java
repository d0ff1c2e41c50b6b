package io.snaprail.driver.serial.internal.checksum;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * The checksums that serial protocols use. The CRCs are given by the parameters of the Rocksoft
 * model (R. Williams, "A painless guide to CRC error detection algorithms", section 16); their
 * check values over the text {@code 123456789} are those of the catalogue of G. Cook
 * (reveng.sourceforge.io/crc-catalogue).
 */
public enum Algorithm {
  /** Exclusive or of all bytes: NMEA 0183, and BCC of IEC 62056-21 and many scales. */
  XOR("xor", 8, sum(Kind.XOR)),
  /** Sum of all bytes modulo 256. */
  SUM8("sum8", 8, sum(Kind.SUM)),
  /** What makes the sum of all bytes 0 modulo 256: Modbus ASCII, Intel HEX. */
  LRC("lrc", 8, sum(Kind.NEGATED_SUM)),
  /** Sum of all bytes modulo 65,536. */
  SUM16("sum16", 16, sum(Kind.SUM)),
  /** As LRC, of 7 bits: the continuous output of Mettler Toledo scales. */
  LRC7("lrc7", 7, sum(Kind.NEGATED_SUM)),
  /** CRC-8/SMBUS. */
  CRC8("crc8", 8, crc(0x07, 0x00, false, 0x00)),
  /** CRC-8/MAXIM-DOW: 1-Wire. */
  CRC8_MAXIM("crc8-maxim", 8, crc(0x31, 0x00, true, 0x00)),
  /** CRC-8/NRSC-5: Sensirion. */
  CRC8_NRSC5("crc8-nrsc5", 8, crc(0x31, 0xFF, false, 0x00)),
  /** CRC-16/MODBUS. */
  CRC16_MODBUS("crc16-modbus", 16, crc(0x8005, 0xFFFF, true, 0x0000)),
  /** CRC-16/ARC, often only called CRC-16. */
  CRC16_ARC("crc16-arc", 16, crc(0x8005, 0x0000, true, 0x0000)),
  /** CRC-16/IBM-3740, known as CCITT-FALSE and mostly meant by CRC-CCITT. */
  CRC16_CCITT("crc16-ccitt", 16, crc(0x1021, 0xFFFF, false, 0x0000)),
  /** CRC-16/XMODEM. */
  CRC16_XMODEM("crc16-xmodem", 16, crc(0x1021, 0x0000, false, 0x0000)),
  /** CRC-16/KERMIT: the true CRC-CCITT. */
  CRC16_KERMIT("crc16-kermit", 16, crc(0x1021, 0x0000, true, 0x0000)),
  /** CRC-16/IBM-SDLC, known as X.25: HDLC, SML. */
  CRC16_X25("crc16-x25", 16, crc(0x1021, 0xFFFF, true, 0xFFFF)),
  /** CRC-16/DNP: DNP3. */
  CRC16_DNP("crc16-dnp", 16, crc(0x3D65, 0x0000, true, 0xFFFF)),
  /** CRC-32/ISO-HDLC: Ethernet, ZIP. */
  CRC32("crc32", 32, crc(0x04C11DB7L, 0xFFFFFFFFL, true, 0xFFFFFFFFL)),
  /** CRC-16/EN-13757: wireless M-Bus. */
  CRC16_EN13757("crc16-en13757", 16, crc(0x3D65, 0x0000, false, 0xFFFF)),
  /** CRC-32/ISCSI, by Castagnoli. */
  CRC32C("crc32c", 32, crc(0x1EDC6F41L, 0xFFFFFFFFL, true, 0xFFFFFFFFL)),
  /** CRC-32/MPEG-2, as the unit in many microcontrollers computes it. */
  CRC32_MPEG2("crc32-mpeg2", 32, crc(0x04C11DB7L, 0xFFFFFFFFL, false, 0x00000000L));

  private enum Kind {
    XOR,
    SUM,
    NEGATED_SUM,
    CRC
  }

  /** How it is computed; all but the kind is for a CRC. */
  private record Model(Kind kind, long polynomial, long initial, boolean reflected, long xorOut) {}

  private final String code;
  private final int bits;

  @SuppressWarnings("ImmutableEnumChecker") // A record of primitives.
  private final Model model;

  /** What each value of the upper eight bits adds in a CRC; empty for sums. */
  @SuppressWarnings("ImmutableEnumChecker") // Never changed.
  private final long[] table;

  Algorithm(String code, int bits, Model model) {
    this.code = code;
    this.bits = bits;
    this.model = model;
    this.table = model.kind() == Kind.CRC ? table(bits, model.polynomial()) : new long[0];
  }

  private static long[] table(int bits, long polynomial) {
    long[] table = new long[256];
    long top = 1L << (bits - 1);
    for (int octet = 0; octet < table.length; octet++) {
      long value = (long) octet << (bits - 8);
      for (int bit = 0; bit < 8; bit++) {
        value = (value & top) == 0 ? value << 1 : value << 1 ^ polynomial;
      }
      table[octet] = value & mask(bits);
    }
    return table;
  }

  private static long mask(int bits) {
    return (1L << bits) - 1;
  }

  private static Model sum(Kind kind) {
    return new Model(kind, 0, 0, false, 0);
  }

  private static Model crc(long polynomial, long initial, boolean reflected, long xorOut) {
    return new Model(Kind.CRC, polynomial, initial, reflected, xorOut);
  }

  /** The form used in settings. */
  public String code() {
    return code;
  }

  /**
   * Width in bits: 7, 8, 16 or 32. A damaged frame passes unseen about once in two to this power.
   */
  public int bits() {
    return bits;
  }

  /**
   * Reads the setting {@code checksum}.
   *
   * @throws IllegalArgumentException naming the key, what was expected and what was found
   */
  public static Algorithm parse(String text) {
    String wanted = text.strip().toLowerCase(Locale.ROOT);
    for (Algorithm algorithm : values()) {
      if (algorithm.code.equals(wanted)) {
        return algorithm;
      }
    }
    throw new IllegalArgumentException(
        "checksum: expected none, "
            + Arrays.stream(values()).map(Algorithm::code).collect(Collectors.joining(", "))
            + "; found '"
            + text
            + "'");
  }

  long initial() {
    return model.initial;
  }

  long xorOut() {
    return model.xorOut;
  }

  /**
   * The checksum of some bytes.
   *
   * @param from first byte
   * @param to behind the last byte
   * @return unsigned, of {@link #bits()} bits
   */
  public long of(byte[] bytes, int from, int to) {
    return of(bytes, from, to, model.initial) ^ model.xorOut;
  }

  /** The checksum of some bytes that starts with another value, before the last step. */
  long of(byte[] bytes, int from, int to, long initial) {
    long value =
        switch (model.kind) {
          case XOR -> initial ^ xor(bytes, from, to);
          case SUM -> initial + sum(bytes, from, to);
          case NEGATED_SUM -> -(initial + sum(bytes, from, to));
          case CRC -> crc(bytes, from, to, initial);
        };
    return value & mask(bits);
  }

  private static long xor(byte[] bytes, int from, int to) {
    int value = 0;
    for (int i = from; i < to; i++) {
      value ^= bytes[i];
    }
    return value & 0xff;
  }

  private static long sum(byte[] bytes, int from, int to) {
    int value = 0;
    for (int i = from; i < to; i++) {
      value += bytes[i] & 0xff;
    }
    return value;
  }

  private long crc(byte[] bytes, int from, int to, long initial) {
    long value = initial;
    for (int i = from; i < to; i++) {
      long octet = bytes[i] & 0xff;
      value ^= (model.reflected ? reverse(octet, 8) : octet) << (bits - 8);
      value = (value << 8 ^ table[(int) (value >> (bits - 8)) & 0xff]) & mask(bits);
    }
    return model.reflected ? reverse(value, bits) : value;
  }

  private static long reverse(long value, int bits) {
    return Long.reverse(value) >>> (Long.SIZE - bits);
  }
}
