package io.snaprail.driver.modbus.internal.j2mod;

import com.ghgande.j2mod.modbus.msg.MaskWriteRegisterRequest;
import com.ghgande.j2mod.modbus.msg.ModbusRequest;
import com.ghgande.j2mod.modbus.msg.WriteCoilRequest;
import com.ghgande.j2mod.modbus.msg.WriteMultipleCoilsRequest;
import com.ghgande.j2mod.modbus.msg.WriteMultipleRegistersRequest;
import com.ghgande.j2mod.modbus.msg.WriteSingleRegisterRequest;
import com.ghgande.j2mod.modbus.procimg.Register;
import com.ghgande.j2mod.modbus.procimg.SimpleRegister;
import com.ghgande.j2mod.modbus.util.BitVector;
import io.snaprail.driver.modbus.internal.transport.PduRequest;
import io.snaprail.driver.modbus.internal.transport.Table;
import java.util.Arrays;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * Writes neighbours of one table: functions 5, 6, 15, 16 and 22. The answer to each is the
 * beginning of the request, five bytes, or seven of function 22 (Modbus Application Protocol
 * V1.1b3, sections 6.5, 6.6, 6.11, 6.12 and 6.16), so a write that was confirmed for another
 * address, value or count is found out.
 */
public final class WriteRequest implements PduRequest {
  /** Most registers in one write. */
  public static final int MAX_REGISTERS = 123;

  /** Function code that writes some bits of a register. */
  public static final int MASK = 22;

  private static final int ECHO = 5;
  private static final int MASK_ECHO = 7;
  private static final int MAX_COILS = 1968;

  private final String operation;
  private final byte[] pdu;
  private final int echo;

  private WriteRequest(ModbusRequest message, String operation) {
    this.operation = operation;
    this.pdu = Pdu.bytes(message);
    this.echo = pdu[0] == MASK ? MASK_ECHO : ECHO;
  }

  /** Sets one coil: function 5. */
  public static WriteRequest coil(int address, boolean on, String operation) {
    check(address, 1, MAX_COILS);
    return new WriteRequest(new WriteCoilRequest(address, on), operation);
  }

  /** Sets one register to 0..65535: function 6. */
  public static WriteRequest register(int address, int word, String operation) {
    check(address, 1, MAX_REGISTERS);
    return new WriteRequest(
        new WriteSingleRegisterRequest(address, new SimpleRegister(word)), operation);
  }

  /** Sets 1..1968 coils: function 15. */
  public static WriteRequest coils(int address, boolean[] on, String operation) {
    check(address, on.length, MAX_COILS);
    byte[] bytes = new byte[(on.length + 7) / 8];
    for (int i = 0; i < on.length; i++) {
      if (on[i]) {
        bytes[i / 8] |= (byte) (1 << i % 8);
      }
    }
    BitVector bits = BitVector.createBitVector(bytes, on.length);
    return new WriteRequest(new WriteMultipleCoilsRequest(address, bits), operation);
  }

  /** Sets 1..123 registers to 0..65535 each: function 16. */
  public static WriteRequest registers(int address, int[] words, String operation) {
    check(address, words.length, MAX_REGISTERS);
    Register[] registers =
        Arrays.stream(words).mapToObj(SimpleRegister::new).toArray(Register[]::new);
    return new WriteRequest(new WriteMultipleRegistersRequest(address, registers), operation);
  }

  /**
   * Sets some bits of a register and leaves the others as they are: function 22.
   *
   * @param mask the bits to set, 1..65535
   * @param bits what they are set to; the others are 0
   */
  public static WriteRequest masked(int address, int mask, int bits, String operation) {
    check(address, 1, MAX_REGISTERS);
    return new WriteRequest(
        new MaskWriteRegisterRequest(address, ~mask & 0xffff, bits & mask), operation);
  }

  private static void check(int address, int count, int max) {
    if (count < 1 || count > max || address < 0 || address + count > Table.SIZE) {
      throw new IllegalArgumentException("cannot write " + count + " at " + address);
    }
  }

  @Override
  public byte[] pdu() {
    return pdu;
  }

  @Override
  public String operation() {
    return operation;
  }

  @Override
  public @Nullable String fault(byte[] answer) {
    if (Arrays.equals(answer, 0, answer.length, pdu, 0, echo)) {
      return null;
    }
    HexFormat hex = HexFormat.ofDelimiter(" ");
    return "confirmation " + hex.formatHex(answer) + ", expected " + hex.formatHex(pdu, 0, echo);
  }
}
