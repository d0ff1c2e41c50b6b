package io.snaprail.driver.modbus.internal.j2mod;

import com.ghgande.j2mod.modbus.msg.ReadWriteMultipleRequest;
import com.ghgande.j2mod.modbus.procimg.Register;
import com.ghgande.j2mod.modbus.procimg.SimpleRegister;
import io.snaprail.driver.modbus.internal.transport.PduRequest;
import io.snaprail.driver.modbus.internal.transport.Table;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Writes holding registers and reads the same ones back in one transaction: function 23 (Modbus
 * Application Protocol V1.1b3, section 6.17). The device writes before it reads.
 */
public final class ReadWriteRequest implements PduRequest {
  /** Most registers that function 23 writes. */
  public static final int MAX_REGISTERS = 121;

  private static final int HEAD = 2;

  private final String operation;
  private final byte[] pdu;
  private final int count;
  private final int[] written;

  /**
   * A write that is read back.
   *
   * @param address of the first, on the wire, 0..65535
   * @param words 1..121 registers of 0..65535 each, none past 65535
   * @param operation what it does, for messages
   */
  public ReadWriteRequest(int address, int[] words, String operation) {
    if (words.length < 1
        || words.length > MAX_REGISTERS
        || address < 0
        || address + words.length > Table.SIZE) {
      throw new IllegalArgumentException("cannot write " + words.length + " at " + address);
    }
    count = words.length;
    written = words.clone();
    ReadWriteMultipleRequest message = new ReadWriteMultipleRequest();
    message.setReadReference(address);
    message.setReadWordCount(count);
    message.setWriteReference(address);
    message.setRegisters(
        Arrays.stream(words).mapToObj(SimpleRegister::new).toArray(Register[]::new));
    this.operation = operation;
    this.pdu = Pdu.bytes(message);
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
    int stated = answer[1] & 0xff;
    if (stated != 2 * count) {
      return "byte count " + stated + ", expected " + 2 * count;
    }
    return answer.length == HEAD + stated
        ? null
        : (answer.length - HEAD) + " bytes of data, expected " + stated;
  }

  /** What is written, 0..65535 each. */
  public int[] written() {
    return written.clone();
  }

  /** What the registers hold now, 0..65535 each, from an answer that has been checked. */
  public int[] words(byte[] answer) {
    int[] words = new int[count];
    for (int i = 0; i < count; i++) {
      int at = HEAD + 2 * i;
      words[i] = (answer[at] & 0xff) << 8 | (answer[at + 1] & 0xff);
    }
    return words;
  }
}
