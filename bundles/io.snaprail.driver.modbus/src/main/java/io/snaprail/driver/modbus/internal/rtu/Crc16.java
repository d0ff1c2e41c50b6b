package io.snaprail.driver.modbus.internal.rtu;

/**
 * The checksum of RTU frames (Modbus over Serial Line V1.02, section 6.2.2): polynomial 0x8005
 * reflected, which is 0xA001, beginning with 0xFFFF; known as CRC-16/MODBUS.
 */
final class Crc16 {
  private static final int POLYNOMIAL = 0xa001;
  private static final int[] TABLE = new int[256];

  static {
    for (int octet = 0; octet < TABLE.length; octet++) {
      int crc = octet;
      for (int bit = 0; bit < 8; bit++) {
        crc = (crc & 1) == 0 ? crc >> 1 : crc >> 1 ^ POLYNOMIAL;
      }
      TABLE[octet] = crc;
    }
  }

  private Crc16() {}

  /** The checksum of the first bytes, 0..65535; on the line its low byte goes first. */
  static int of(byte[] bytes, int count) {
    int crc = 0xffff;
    for (int i = 0; i < count; i++) {
      crc = crc >> 8 ^ TABLE[(crc ^ bytes[i]) & 0xff];
    }
    return crc;
  }
}
