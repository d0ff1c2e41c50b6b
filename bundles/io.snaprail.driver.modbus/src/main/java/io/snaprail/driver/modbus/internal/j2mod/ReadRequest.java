package io.snaprail.driver.modbus.internal.j2mod;

import com.ghgande.j2mod.modbus.msg.ModbusRequest;
import com.ghgande.j2mod.modbus.msg.ModbusResponse;
import com.ghgande.j2mod.modbus.msg.ReadCoilsRequest;
import com.ghgande.j2mod.modbus.msg.ReadCoilsResponse;
import com.ghgande.j2mod.modbus.msg.ReadInputDiscretesRequest;
import com.ghgande.j2mod.modbus.msg.ReadInputDiscretesResponse;
import com.ghgande.j2mod.modbus.msg.ReadInputRegistersRequest;
import com.ghgande.j2mod.modbus.msg.ReadInputRegistersResponse;
import com.ghgande.j2mod.modbus.msg.ReadMultipleRegistersRequest;
import com.ghgande.j2mod.modbus.msg.ReadMultipleRegistersResponse;
import com.ghgande.j2mod.modbus.procimg.InputRegister;
import com.ghgande.j2mod.modbus.util.BitVector;
import io.snaprail.driver.modbus.internal.transport.PduRequest;
import io.snaprail.driver.modbus.internal.transport.Table;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/** Reads neighbours of one table: functions 1 to 4. Immutable: the same request serves for ever. */
public final class ReadRequest implements PduRequest {
  private final Table table;
  private final int count;
  private final String operation;
  private final byte[] pdu;

  /**
   * A read.
   *
   * @param address of the first, on the wire, 0..65535
   * @param count 1..125 registers or 1..2000 bits, none past 65535
   * @param operation what it does, for messages
   */
  public ReadRequest(Table table, int address, int count, String operation) {
    if (count < 1 || count > table.maxRead() || address < 0 || address + count > Table.SIZE) {
      throw new IllegalArgumentException(
          "cannot read " + count + " of " + table.label() + " at " + address);
    }
    this.table = table;
    this.count = count;
    this.operation = operation;
    this.pdu = Pdu.bytes(message(table, address, count));
  }

  private static ModbusRequest message(Table table, int address, int count) {
    return switch (table) {
      case COIL -> new ReadCoilsRequest(address, count);
      case DISCRETE -> new ReadInputDiscretesRequest(address, count);
      case INPUT -> new ReadInputRegistersRequest(address, count);
      case HOLDING -> new ReadMultipleRegistersRequest(address, count);
    };
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
    int expected = table.bits() ? (count + 7) / 8 : 2 * count;
    int stated = answer[1] & 0xff;
    if (stated != expected) {
      return "byte count " + stated + ", expected " + expected;
    }
    if (answer.length != 2 + expected) {
      return (answer.length - 2) + " bytes of data, expected " + expected;
    }
    return null;
  }

  /**
   * The values in an answer that has been checked: registers as 0..65535, bits as 0 or 1, in the
   * order of their addresses.
   */
  public int[] values(byte[] answer) {
    return switch (table) {
      case COIL -> bits(read(new ReadCoilsResponse(), answer).getCoils());
      case DISCRETE -> bits(read(new ReadInputDiscretesResponse(), answer).getDiscretes());
      case INPUT -> words(read(new ReadInputRegistersResponse(), answer).getRegisters());
      case HOLDING -> words(read(new ReadMultipleRegistersResponse(), answer).getRegisters());
    };
  }

  private static <T extends ModbusResponse> T read(T response, byte[] answer) {
    try {
      response.readData(
          new DataInputStream(new ByteArrayInputStream(answer, 1, answer.length - 1)));
      return response;
    } catch (IOException e) {
      // The length was checked before: there is nothing left that could be missing.
      throw new UncheckedIOException(e);
    }
  }

  private int[] words(InputRegister[] registers) {
    int[] words = new int[count];
    for (int i = 0; i < count; i++) {
      words[i] = registers[i].toUnsignedShort();
    }
    return words;
  }

  /** Takes the bytes: {@link BitVector#getBit} logs every single bit. */
  private int[] bits(BitVector vector) {
    byte[] bytes = vector.getBytes();
    int[] bits = new int[count];
    for (int i = 0; i < count; i++) {
      bits[i] = bytes[i / 8] >> (i % 8) & 1;
    }
    return bits;
  }
}
