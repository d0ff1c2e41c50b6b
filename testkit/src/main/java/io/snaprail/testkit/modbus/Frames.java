package io.snaprail.testkit.modbus;

import java.util.Arrays;

/** Bytes of right and wrong answers. */
final class Frames {
  private Frames() {}

  /** A frame of Modbus TCP and UDP (Modbus Messaging on TCP/IP V1.0b, section 3.1.3). */
  static byte[] frame(int transaction, int protocol, int unit, byte[] pdu) {
    byte[] frame = new byte[7 + pdu.length];
    putWord(frame, 0, transaction);
    putWord(frame, 2, protocol);
    putWord(frame, 4, pdu.length + 1);
    frame[6] = (byte) unit;
    System.arraycopy(pdu, 0, frame, 7, pdu.length);
    return frame;
  }

  /**
   * The same answer with other values, so that a client that takes it is found out: read data
   * inverted, or the address of a confirmed write changed.
   */
  static byte[] poisoned(byte[] answer) {
    byte[] wrong = answer.clone();
    boolean read = answer[0] >= 1 && answer[0] <= 4;
    for (int i = read ? 2 : 1; i < wrong.length; i++) {
      wrong[i] ^= (byte) 0xff;
    }
    return wrong;
  }

  /** A read answer with a number of data bytes added or taken away and a byte count to match. */
  static byte[] resized(byte[] answer, int change) {
    byte[] other = Arrays.copyOf(answer, Math.max(2, answer.length + change));
    other[1] = (byte) (other.length - 2);
    return other;
  }

  static void putWord(byte[] bytes, int offset, int word) {
    bytes[offset] = (byte) (word >> 8);
    bytes[offset + 1] = (byte) word;
  }
}
