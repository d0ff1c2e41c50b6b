package io.snaprail.testkit.modbus;

import java.util.Arrays;
import java.util.BitSet;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;

/**
 * What one unit holds: 65,536 values in each area, all zero at first, and the answers that follow
 * from them for functions 1-6, 15, 16 and 23. Safe for any thread.
 */
public final class RegisterImage {
  private static final int SIZE = 65_536;
  private static final int ILLEGAL_FUNCTION = 1;
  private static final int ILLEGAL_ADDRESS = 2;
  private static final int ILLEGAL_VALUE = 3;

  private final Map<Area, short[]> values = new EnumMap<>(Area.class);
  private final Map<Area, BitSet> forbidden = new EnumMap<>(Area.class);

  RegisterImage() {
    for (Area area : Area.values()) {
      values.put(area, new short[SIZE]);
      forbidden.put(area, new BitSet());
    }
  }

  /**
   * Sets values from an address on.
   *
   * @param address of the first, 0..65535
   * @param words 0..65535 each; 0 or 1 for bits
   */
  public synchronized RegisterImage set(Area area, int address, int... words) {
    for (int i = 0; i < words.length; i++) {
      area(area)[address + i] = (short) words[i];
    }
    return this;
  }

  /** A value, 0..65535. */
  public synchronized int get(Area area, int address) {
    return area(area)[address] & 0xffff;
  }

  /** From now on a request that touches one of these addresses gets exception 2. */
  public synchronized RegisterImage forbid(Area area, int first, int last) {
    blocked(area).set(first, last + 1);
    return this;
  }

  /** Takes {@link #forbid} back for these addresses. */
  public synchronized RegisterImage allow(Area area, int first, int last) {
    blocked(area).clear(first, last + 1);
    return this;
  }

  /** The right answer to a request; a write is carried out. */
  synchronized byte[] answer(byte[] pdu) {
    return switch (pdu[0]) {
      case 1 -> readBits(Area.COIL, pdu);
      case 2 -> readBits(Area.DISCRETE, pdu);
      case 3 -> readRegisters(Area.HOLDING, pdu);
      case 4 -> readRegisters(Area.INPUT, pdu);
      case 5 -> writeCoil(pdu);
      case 6 -> writeRegister(pdu);
      case 15 -> writeCoils(pdu);
      case 16 -> writeRegisters(pdu);
      case 23 -> readWriteRegisters(pdu);
      default -> exception(pdu, ILLEGAL_FUNCTION);
    };
  }

  static byte[] exception(byte[] request, int code) {
    return new byte[] {(byte) (request[0] | 0x80), (byte) code};
  }

  private byte[] readBits(Area area, byte[] pdu) {
    int count = word(pdu, 3);
    if (pdu.length != 5 || count < 1 || count > 2000) {
      return exception(pdu, ILLEGAL_VALUE);
    }
    int address = word(pdu, 1);
    if (refused(area, address, count)) {
      return exception(pdu, ILLEGAL_ADDRESS);
    }
    byte[] answer = new byte[2 + (count + 7) / 8];
    answer[0] = pdu[0];
    answer[1] = (byte) (answer.length - 2);
    for (int i = 0; i < count; i++) {
      if (area(area)[address + i] != 0) {
        answer[2 + i / 8] |= (byte) (1 << i % 8);
      }
    }
    return answer;
  }

  private byte[] readRegisters(Area area, byte[] pdu) {
    int count = word(pdu, 3);
    if (pdu.length != 5 || count < 1 || count > 125) {
      return exception(pdu, ILLEGAL_VALUE);
    }
    int address = word(pdu, 1);
    if (refused(area, address, count)) {
      return exception(pdu, ILLEGAL_ADDRESS);
    }
    byte[] answer = new byte[2 + count * 2];
    answer[0] = pdu[0];
    answer[1] = (byte) (count * 2);
    for (int i = 0; i < count; i++) {
      putWord(answer, 2 + 2 * i, area(area)[address + i]);
    }
    return answer;
  }

  private byte[] writeCoil(byte[] pdu) {
    int value = word(pdu, 3);
    if (pdu.length != 5 || (value != 0 && value != 0xff00)) {
      return exception(pdu, ILLEGAL_VALUE);
    }
    if (refused(Area.COIL, word(pdu, 1), 1)) {
      return exception(pdu, ILLEGAL_ADDRESS);
    }
    area(Area.COIL)[word(pdu, 1)] = (short) (value == 0 ? 0 : 1);
    return pdu.clone();
  }

  private byte[] writeRegister(byte[] pdu) {
    if (pdu.length != 5) {
      return exception(pdu, ILLEGAL_VALUE);
    }
    if (refused(Area.HOLDING, word(pdu, 1), 1)) {
      return exception(pdu, ILLEGAL_ADDRESS);
    }
    area(Area.HOLDING)[word(pdu, 1)] = (short) word(pdu, 3);
    return pdu.clone();
  }

  private byte[] writeCoils(byte[] pdu) {
    int count = word(pdu, 3);
    int bytes = (count + 7) / 8;
    if (count < 1 || count > 1968 || pdu.length != 6 + bytes || (pdu[5] & 0xff) != bytes) {
      return exception(pdu, ILLEGAL_VALUE);
    }
    int address = word(pdu, 1);
    if (refused(Area.COIL, address, count)) {
      return exception(pdu, ILLEGAL_ADDRESS);
    }
    for (int i = 0; i < count; i++) {
      area(Area.COIL)[address + i] = (short) (pdu[6 + i / 8] >> i % 8 & 1);
    }
    return Arrays.copyOf(pdu, 5);
  }

  private byte[] writeRegisters(byte[] pdu) {
    int count = word(pdu, 3);
    if (count < 1 || count > 123 || pdu.length != 6 + 2 * count || (pdu[5] & 0xff) != 2 * count) {
      return exception(pdu, ILLEGAL_VALUE);
    }
    int address = word(pdu, 1);
    if (refused(Area.HOLDING, address, count)) {
      return exception(pdu, ILLEGAL_ADDRESS);
    }
    for (int i = 0; i < count; i++) {
      area(Area.HOLDING)[address + i] = (short) word(pdu, 6 + 2 * i);
    }
    return Arrays.copyOf(pdu, 5);
  }

  /** Modbus Application Protocol V1.1b3, section 6.17: writes first, then reads. */
  private byte[] readWriteRegisters(byte[] pdu) {
    int count = word(pdu, 7);
    if (count < 1 || count > 121 || pdu.length != 10 + 2 * count || (pdu[9] & 0xff) != 2 * count) {
      return exception(pdu, ILLEGAL_VALUE);
    }
    if (refused(Area.HOLDING, word(pdu, 1), word(pdu, 3))
        || refused(Area.HOLDING, word(pdu, 5), count)) {
      return exception(pdu, ILLEGAL_ADDRESS);
    }
    for (int i = 0; i < count; i++) {
      area(Area.HOLDING)[word(pdu, 5) + i] = (short) word(pdu, 10 + 2 * i);
    }
    return readRegisters(Area.HOLDING, Arrays.copyOf(pdu, 5));
  }

  private boolean refused(Area area, int address, int count) {
    if (address + count > SIZE) {
      return true;
    }
    int hit = blocked(area).nextSetBit(address);
    return hit >= 0 && hit < address + count;
  }

  private short[] area(Area area) {
    return Objects.requireNonNull(values.get(area));
  }

  private BitSet blocked(Area area) {
    return Objects.requireNonNull(forbidden.get(area));
  }

  private static int word(byte[] bytes, int offset) {
    return bytes.length < offset + 2
        ? -1
        : (bytes[offset] & 0xff) << 8 | (bytes[offset + 1] & 0xff);
  }

  private static void putWord(byte[] bytes, int offset, int word) {
    bytes[offset] = (byte) (word >> 8);
    bytes[offset + 1] = (byte) word;
  }
}
