package io.snaprail.driver.simulator.internal.slave;

import io.snaprail.driver.simulator.internal.slave.RegisterBank.Bits;
import io.snaprail.driver.simulator.internal.slave.RegisterBank.Registers;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;

/**
 * Answers requests: functions 1-6, 15 and 16 of the MODBUS Application Protocol V1.1b3, section 6.
 * Knows no transport.
 */
public final class RequestHandler {
  private static final int MAX_READ_BITS = 2000;
  private static final int MAX_READ_REGISTERS = 125;
  private static final int MAX_WRITE_BITS = 1968;
  private static final int MAX_WRITE_REGISTERS = 123;
  private static final int ADDRESSES = 65_536;
  private static final int ON = 0xFF00;

  private final RegisterBank bank;

  /** Answers from a bank. */
  public RequestHandler(RegisterBank bank) {
    this.bank = bank;
  }

  /**
   * The answer to a request.
   *
   * @param pdu function code and data, at least the code
   */
  public byte[] answer(byte[] pdu) {
    int function = pdu[0] & 0xFF;
    ByteBuffer in = ByteBuffer.wrap(pdu, 1, pdu.length - 1);
    try {
      byte[] answer = answer(function, in);
      if (in.hasRemaining()) {
        throw new ModbusException(ModbusException.ILLEGAL_VALUE);
      }
      return answer;
    } catch (BufferUnderflowException e) {
      return exception(function, ModbusException.ILLEGAL_VALUE);
    } catch (ModbusException e) {
      return exception(function, e.code());
    }
  }

  /** An exception answer. */
  public static byte[] exception(int function, int code) {
    return new byte[] {(byte) (function | 0x80), (byte) code};
  }

  private byte[] answer(int function, ByteBuffer in) throws ModbusException {
    return switch (function) {
      case 1 -> readBits(function, Bits.COIL, in);
      case 2 -> readBits(function, Bits.DISCRETE, in);
      case 3 -> readRegisters(function, Registers.HOLDING, in);
      case 4 -> readRegisters(function, Registers.INPUT, in);
      case 5 -> writeCoil(in);
      case 6 -> writeRegister(in);
      case 15 -> writeCoils(in);
      case 16 -> writeRegisters(in);
      default -> throw new ModbusException(ModbusException.ILLEGAL_FUNCTION);
    };
  }

  /**
   * Which entries a request names.
   *
   * @param address of the first, 0..65535
   */
  private record Range(int address, int count) {
    static Range read(ByteBuffer in, int max) throws ModbusException {
      Range range = new Range(u16(in), u16(in));
      if (range.count < 1 || range.count > max) {
        throw new ModbusException(ModbusException.ILLEGAL_VALUE);
      }
      return range.check();
    }

    Range check() throws ModbusException {
      if (address + count > ADDRESSES) {
        throw new ModbusException(ModbusException.ILLEGAL_ADDRESS);
      }
      return this;
    }

    /** The same range again, as answers to writes have it. */
    byte[] echo(int function) {
      return ByteBuffer.allocate(5)
          .put((byte) function)
          .putShort((short) address)
          .putShort((short) count)
          .array();
    }
  }

  private static int u16(ByteBuffer in) {
    return in.getShort() & 0xFFFF;
  }

  private byte[] readBits(int function, Bits table, ByteBuffer in) throws ModbusException {
    Range range = Range.read(in, MAX_READ_BITS);
    boolean[] bits = bank.read(table, range.address, range.count);
    byte[] answer = new byte[2 + (bits.length + 7) / 8];
    answer[0] = (byte) function;
    answer[1] = (byte) (answer.length - 2);
    for (int i = 0; i < bits.length; i++) {
      if (bits[i]) {
        answer[2 + i / 8] |= (byte) (1 << (i % 8));
      }
    }
    return answer;
  }

  private byte[] readRegisters(int function, Registers table, ByteBuffer in)
      throws ModbusException {
    Range range = Range.read(in, MAX_READ_REGISTERS);
    ByteBuffer answer = ByteBuffer.allocate(2 + 2 * range.count);
    answer.put((byte) function).put((byte) (2 * range.count));
    for (int register : bank.read(table, range.address, range.count)) {
      answer.putShort((short) register);
    }
    return answer.array();
  }

  private byte[] writeCoil(ByteBuffer in) throws ModbusException {
    int address = u16(in);
    int value = u16(in);
    if (value != 0 && value != ON) {
      throw new ModbusException(ModbusException.ILLEGAL_VALUE);
    }
    requireEnd(in);
    bank.write(address, new boolean[] {value == ON});
    return new Range(address, value).echo(5);
  }

  private byte[] writeRegister(ByteBuffer in) throws ModbusException {
    int address = u16(in);
    int value = u16(in);
    requireEnd(in);
    bank.write(address, new int[] {value});
    return new Range(address, value).echo(6);
  }

  private byte[] writeCoils(ByteBuffer in) throws ModbusException {
    Range range = Range.read(in, MAX_WRITE_BITS);
    requireBytes(in, (range.count + 7) / 8);
    boolean[] values = new boolean[range.count];
    int octet = 0;
    for (int i = 0; i < values.length; i++) {
      octet = i % 8 == 0 ? in.get() : octet >> 1;
      values[i] = (octet & 1) != 0;
    }
    bank.write(range.address, values);
    return range.echo(15);
  }

  private byte[] writeRegisters(ByteBuffer in) throws ModbusException {
    Range range = Range.read(in, MAX_WRITE_REGISTERS);
    requireBytes(in, 2 * range.count);
    int[] values = new int[range.count];
    for (int i = 0; i < values.length; i++) {
      values[i] = u16(in);
    }
    bank.write(range.address, values);
    return range.echo(16);
  }

  /** The byte count must be right before anything is written. */
  private static void requireBytes(ByteBuffer in, int expected) throws ModbusException {
    int announced = in.get() & 0xFF;
    if (announced != expected || in.remaining() != expected) {
      throw new ModbusException(ModbusException.ILLEGAL_VALUE);
    }
  }

  private static void requireEnd(ByteBuffer in) throws ModbusException {
    if (in.hasRemaining()) {
      throw new ModbusException(ModbusException.ILLEGAL_VALUE);
    }
  }
}
