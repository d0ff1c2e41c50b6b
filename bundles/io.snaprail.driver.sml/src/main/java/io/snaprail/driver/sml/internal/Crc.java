package io.snaprail.driver.sml.internal;

/** CRC-16/X-25 (ISO/IEC 13239), of SML 1.04, clause 8.3; check value 906E. */
final class Crc {
  private static final int POLYNOMIAL = 0x8408;
  private static final int ALL = 0xffff;

  private Crc() {}

  static int of(byte[] bytes, int length) {
    int crc = ALL;
    for (int i = 0; i < length; i++) {
      crc ^= bytes[i] & 0xff;
      for (int bit = 0; bit < 8; bit++) {
        crc = (crc & 1) == 0 ? crc >> 1 : crc >> 1 ^ POLYNOMIAL;
      }
    }
    return crc ^ ALL;
  }
}
