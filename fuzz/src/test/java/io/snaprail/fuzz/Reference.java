package io.snaprail.fuzz;

import java.util.Arrays;

/**
 * Which bytes are an answer, written once more from the specifications alone and as plainly as can
 * be: what the driver takes and what it refuses is compared with this. Nothing here is shared with
 * the driver.
 */
final class Reference {
  private static final int MAX_PDU = 253;

  private Reference() {}

  /** Modbus Application Protocol V1.1b3, section 6: whether one unit answers the other. */
  static boolean answers(byte[] request, byte[] answer) {
    if (answer.length < 2 || answer.length > MAX_PDU) {
      return false;
    }
    if (u(answer, 0) == (u(request, 0) | 0x80)) {
      return answer.length == 2 && answer[1] != 0;
    }
    if (answer[0] != request[0]) {
      return false;
    }
    return switch (request[0]) {
      case 1, 2 -> counted(answer, (word(request, 3) + 7) / 8);
      case 3, 4, 23 -> counted(answer, 2 * word(request, 3));
      case 5, 6, 15, 16 -> echo(request, answer, 5);
      case 22 -> echo(request, answer, 7);
      case 43 -> identification(request, answer);
      default -> false;
    };
  }

  private static boolean counted(byte[] answer, int bytes) {
    return u(answer, 1) == bytes && answer.length == 2 + bytes;
  }

  private static boolean echo(byte[] request, byte[] answer, int length) {
    return answer.length == length && Arrays.equals(Arrays.copyOf(request, length), answer);
  }

  private static boolean identification(byte[] request, byte[] answer) {
    if (answer.length < 7 || answer[1] != 14 || answer[2] != request[2]) {
      return false;
    }
    boolean last = u(answer, 4) == 0;
    boolean goesOn = u(answer, 4) == 255 && u(answer, 5) > u(request, 3);
    return (last || goesOn) && objectsEnd(answer, 6) == answer.length;
  }

  /**
   * Where the objects of a device identification end; beyond the array when it is too short.
   *
   * @param count where their number stands
   */
  private static int objectsEnd(byte[] bytes, int count) {
    int at = count + 1;
    for (int left = u(bytes, count); left > 0; left--) {
      if (at + 1 >= bytes.length) {
        return Integer.MAX_VALUE;
      }
      at += 2 + u(bytes, at + 1);
    }
    return at;
  }

  /**
   * Modbus Messaging on TCP/IP V1.0b, section 3.1.3: the answer in a frame; null when it is none.
   */
  static byte[] mbap(byte[] frame, int transaction, int unit, byte[] request, boolean whole) {
    if (frame.length < 9 || word(frame, 0) != transaction || word(frame, 2) != 0) {
      return null;
    }
    int end = 6 + word(frame, 4);
    boolean fits = whole ? end == frame.length : end <= frame.length;
    if (!fits || end < 8 || u(frame, 6) != unit) {
      return null;
    }
    return checked(request, Arrays.copyOfRange(frame, 7, end));
  }

  /** Modbus over Serial Line V1.02, section 2.5.1: the answer that a stream begins with. */
  static byte[] rtu(byte[] stream, int unit, byte[] request) {
    if (stream.length < 3 || u(stream, 0) != unit) {
      return null;
    }
    int end = rtuEnd(stream, request);
    if (end < 0 || end > stream.length - 2 || end > 1 + MAX_PDU) {
      return null;
    }
    int crc = crc(stream, end);
    if (u(stream, end) != (crc & 0xff) || u(stream, end + 1) != crc >> 8) {
      return null;
    }
    return checked(request, Arrays.copyOfRange(stream, 1, end));
  }

  /** Where the checksum begins; -1 when that cannot be told. */
  private static int rtuEnd(byte[] stream, byte[] request) {
    int function = u(stream, 1);
    if (function == (u(request, 0) | 0x80)) {
      return 3;
    }
    if (function != u(request, 0)) {
      return -1;
    }
    return switch (function) {
      case 1, 2, 3, 4, 23 -> 3 + u(stream, 2);
      case 5, 6, 15, 16 -> 6;
      case 22 -> 8;
      case 43 -> stream.length < 8 || stream[2] != 14 ? -1 : objectsEnd(stream, 7);
      default -> -1;
    };
  }

  /** Modbus over Serial Line V1.02, section 2.5.2: the answer that a stream begins with. */
  static byte[] ascii(byte[] stream, int unit, byte[] request) {
    int end = 0;
    while (end < stream.length && stream[end] != '\n') {
      end++;
    }
    boolean framed =
        end < stream.length
            && end >= 10
            && end < 513
            && stream[0] == ':'
            && stream[end - 1] == '\r';
    if (!framed || end % 2 != 0) {
      return null;
    }
    byte[] bytes = new byte[(end - 2) / 2];
    int sum = 0;
    for (int i = 0; i < bytes.length; i++) {
      int high = "0123456789ABCDEF".indexOf(Character.toUpperCase(u(stream, 1 + 2 * i)));
      int low = "0123456789ABCDEF".indexOf(Character.toUpperCase(u(stream, 2 + 2 * i)));
      if (high < 0 || low < 0) {
        return null;
      }
      bytes[i] = (byte) (16 * high + low);
      sum += bytes[i];
    }
    if ((sum & 0xff) != 0 || u(bytes, 0) != unit) {
      return null;
    }
    return checked(request, Arrays.copyOfRange(bytes, 1, bytes.length - 1));
  }

  private static byte[] checked(byte[] request, byte[] answer) {
    return answers(request, answer) ? answer : null;
  }

  /** Section 6.2.2, bit by bit. */
  static int crc(byte[] bytes, int count) {
    int crc = 0xffff;
    for (int i = 0; i < count; i++) {
      crc ^= u(bytes, i);
      for (int bit = 0; bit < 8; bit++) {
        crc = crc % 2 == 1 ? crc / 2 ^ 0xa001 : crc / 2;
      }
    }
    return crc;
  }

  /** The frame of an answer on a serial line. */
  static byte[] rtuFrame(int unit, byte[] pdu) {
    byte[] frame = new byte[pdu.length + 3];
    frame[0] = (byte) unit;
    System.arraycopy(pdu, 0, frame, 1, pdu.length);
    int crc = crc(frame, pdu.length + 1);
    frame[frame.length - 2] = (byte) crc;
    frame[frame.length - 1] = (byte) (crc >> 8);
    return frame;
  }

  /** The line of an answer in ASCII. */
  static byte[] asciiFrame(int unit, byte[] pdu) {
    StringBuilder line = new StringBuilder(":%02X".formatted(unit));
    int sum = unit;
    for (byte octet : pdu) {
      line.append("%02X".formatted(octet));
      sum += octet;
    }
    line.append("%02X\r\n".formatted(-sum & 0xff));
    byte[] bytes = new byte[line.length()];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) line.charAt(i);
    }
    return bytes;
  }

  static int word(byte[] bytes, int offset) {
    return 256 * u(bytes, offset) + u(bytes, offset + 1);
  }

  static int u(byte[] bytes, int index) {
    return bytes[index] & 0xff;
  }
}
