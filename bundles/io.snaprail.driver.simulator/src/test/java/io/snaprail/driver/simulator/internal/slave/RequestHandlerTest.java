package io.snaprail.driver.simulator.internal.slave;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The MODBUS Application Protocol V1.1b3, section 6: most exchanges are its own examples. */
class RequestHandlerTest {
  private static final int SIZE = 4000;

  private final boolean[] coils = new boolean[SIZE];
  private final int[] registers = new int[SIZE];
  private final RequestHandler handler = new RequestHandler(new Bank());

  /** A bank without any behaviour; discrete inputs are inverted coils, inputs negated registers. */
  private final class Bank implements RegisterBank {
    private void check(int address, int count) throws ModbusException {
      if (address + count > SIZE) {
        throw new ModbusException(ModbusException.ILLEGAL_ADDRESS);
      }
    }

    @Override
    public boolean[] read(Bits table, int address, int count) throws ModbusException {
      check(address, count);
      boolean[] bits = Arrays.copyOfRange(coils, address, address + count);
      for (int i = 0; i < count && table == Bits.DISCRETE; i++) {
        bits[i] = !bits[i];
      }
      return bits;
    }

    @Override
    public int[] read(Registers table, int address, int count) throws ModbusException {
      check(address, count);
      int[] words = Arrays.copyOfRange(registers, address, address + count);
      for (int i = 0; i < count && table == Registers.INPUT; i++) {
        words[i] = -words[i] & 0xFFFF;
      }
      return words;
    }

    @Override
    public void write(int address, boolean[] values) throws ModbusException {
      check(address, values.length);
      System.arraycopy(values, 0, coils, address, values.length);
    }

    @Override
    public void write(int address, int[] values) throws ModbusException {
      check(address, values.length);
      System.arraycopy(values, 0, registers, address, values.length);
    }
  }

  private String ask(String request) {
    HexFormat hex = HexFormat.of();
    return hex.formatHex(handler.answer(hex.parseHex(request.replace(" ", ""))));
  }

  @Test
  void coilsAreReadLowestBitFirst() {
    // 6.1: coils 20-38 are CD 6B 05.
    ask("0f 0013 0013 03 cd6b05");
    assertThat(ask("01 0013 0013")).isEqualTo("0103cd6b05");
    assertThat(ask("01 0013 0001")).isEqualTo("010101");
  }

  @Test
  void discreteInputsAreReadFromTheirOwnTable() {
    ask("05 0000 ff00");
    assertThat(ask("02 0000 0003")).isEqualTo("020106");
  }

  @Test
  void registersAreReadMostSignificantByteFirst() {
    // 6.3: registers 108-110 are 022B 0000 0064.
    ask("10 006b 0003 06 022b 0000 0064");
    assertThat(ask("03 006b 0003")).isEqualTo("0306022b00000064");
    assertThat(ask("04 006b 0001")).isEqualTo("0402fdd5");
  }

  @Test
  void writesAreEchoed() {
    assertThat(ask("05 00ac ff00")).isEqualTo("0500acff00");
    assertThat(coils[0xac]).isTrue();
    assertThat(ask("05 00ac 0000")).isEqualTo("0500ac0000");
    assertThat(coils[0xac]).isFalse();
    assertThat(ask("06 0001 0003")).isEqualTo("0600010003");
    assertThat(registers[1]).isEqualTo(3);
    assertThat(ask("0f 0013 000a 02 cd01")).isEqualTo("0f0013000a");
    assertThat(ask("10 0001 0002 04 000a 0102")).isEqualTo("1000010002");
    assertThat(registers[2]).isEqualTo(0x0102);
  }

  @ParameterizedTest
  @CsvSource({
    // Unknown functions
    "07, 8701",
    "2b0e0100, ab01",
    "00, 8001",
    // Quantities: 1..2000 bits, 1..125 registers, 1..1968 and 1..123 to write
    "01 0000 0000, 8103",
    "01 0000 07d1, 8103",
    "03 0000 0000, 8303",
    "04 0000 007e, 8403",
    "0f 0000 0000 00, 8f03",
    "10 0000 0000 00, 9003",
    "10 0000 007c f8, 9003",
    // Byte counts that do not fit the quantity or the request
    "0f 0000 0009 01 ff, 8f03",
    "10 0000 0001 04 0001 0002, 9003",
    "10 0000 0002 04 0001, 9003",
    // Values of coils other than FF00 and 0000
    "05 0000 0001, 8503",
    "05 0000 ff01, 8503",
    // Addresses
    "01 ffff 0002, 8102",
    "03 0fa0 0001, 8302",
    "06 0fa0 0001, 8602",
    "05 0fa0 ff00, 8502",
    "10 0f9f 0002 04 0001 0002, 9002",
    // Too short and too long
    "03 0000, 8303",
    "03, 8303",
    "03 0000 0001 00, 8303",
    "05 0000 ff00 00, 8503",
    "06 0000 0001 00, 8603",
    "10 0000 0001, 9003",
  })
  void wrongRequestsAreAnsweredWithAnException(String request, String answer) {
    assertThat(ask(request)).isEqualTo(answer);
  }

  @Test
  void aRefusedWriteChangesNothing() {
    ask("10 0f9f 0002 04 0001 0002");
    ask("06 0000 0001 00");
    ask("10 0000 0001 04 0001 0002");
    assertThat(registers).containsOnly(0);
  }

  @Test
  void theLargestRequestsAreAnswered() {
    assertThat(ask("01 0000 07d0")).hasSize(2 * (2 + 250)).startsWith("01fa");
    assertThat(ask("03 0000 007d")).hasSize(2 * (2 + 250)).startsWith("03fa");
    assertThat(ask("0f 0000 07b0 f6" + "ff".repeat(246))).isEqualTo("0f000007b0");
    assertThat(ask("10 0000 007b f6" + "ff".repeat(246))).isEqualTo("100000007b");
  }
}
