package io.snaprail.testkit.modbus;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** How requests and answers travel. */
public enum Wire {
  /** Modbus TCP. */
  TCP,
  /** RTU frames on a TCP connection. */
  RTU_OVER_TCP,
  /** ASCII frames on a TCP connection. */
  ASCII_OVER_TCP,
  /** Modbus UDP: one frame a datagram. */
  UDP;

  /** Bytes that are not the protocol data unit. */
  private static final int RTU_OVERHEAD = 3;

  /**
   * A frame. RTU and ASCII have neither transaction nor protocol identifier, and end with a
   * checksum (Modbus over Serial Line V1.02, section 2.5.1).
   */
  byte[] frame(int transaction, int protocol, int unit, byte[] pdu) {
    return switch (this) {
      case TCP, UDP -> Frames.frame(transaction, protocol, unit, pdu);
      case RTU_OVER_TCP -> rtu(unit, pdu);
      case ASCII_OVER_TCP -> ascii(unit, pdu);
    };
  }

  /** The same section 2.5.2: digits between a colon and CR LF, the sum of all bytes is 0. */
  private static byte[] ascii(int unit, byte[] pdu) {
    StringBuilder line = new StringBuilder(":%02X".formatted(unit));
    int sum = unit;
    for (byte b : pdu) {
      line.append("%02X".formatted(b));
      sum += b;
    }
    line.append("%02X\r\n".formatted((byte) -sum));
    return line.toString().getBytes(StandardCharsets.US_ASCII);
  }

  /** Changes a frame with a checksum so that the checksum tells. */
  void damage(byte[] frame, boolean checksum) {
    if (this == ASCII_OVER_TCP) {
      int at = frame.length - (checksum ? 3 : 5);
      frame[at] = (byte) (frame[at] == '0' ? '1' : '0');
    } else {
      frame[frame.length - (checksum ? 1 : 3)] ^= 4;
    }
  }

  private static byte[] rtu(int unit, byte[] pdu) {
    byte[] frame = new byte[RTU_OVERHEAD + pdu.length];
    frame[0] = (byte) unit;
    System.arraycopy(pdu, 0, frame, 1, pdu.length);
    int crc = crc(frame, 1 + pdu.length);
    frame[frame.length - 2] = (byte) crc;
    frame[frame.length - 1] = (byte) (crc >> 8);
    return frame;
  }

  /** Whether an RTU frame ends with its checksum. */
  static boolean intact(byte[] frame) {
    return Arrays.equals(frame, rtu(frame[0], Arrays.copyOfRange(frame, 1, frame.length - 2)));
  }

  /** Bit by bit, as in the appendix of the specification: not the way of the client under test. */
  private static int crc(byte[] bytes, int count) {
    int crc = 0xffff;
    for (int i = 0; i < count; i++) {
      crc ^= bytes[i] & 0xff;
      for (int bit = 0; bit < 8; bit++) {
        boolean carry = (crc & 1) != 0;
        crc >>= 1;
        if (carry) {
          crc ^= 0xa001;
        }
      }
    }
    return crc;
  }
}
