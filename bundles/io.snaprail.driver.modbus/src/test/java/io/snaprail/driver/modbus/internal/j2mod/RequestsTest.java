package io.snaprail.driver.modbus.internal.j2mod;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.snaprail.driver.modbus.internal.transport.PduRequest;
import io.snaprail.driver.modbus.internal.transport.Table;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/**
 * The bytes are the examples of Modbus Application Protocol V1.1b3, chapter 6; the section is named
 * at each.
 */
class RequestsTest {

  /** 6.1: coils 20..38, so addresses 19..37. */
  @Test
  void readCoils() {
    ReadRequest request = new ReadRequest(Table.COIL, 0x13, 0x13, "");

    assertPdu(request, "01 00 13 00 13");
    assertThat(request.fault(bytes("01 03 CD 6B 05"))).isNull();
    assertThat(request.values(bytes("01 03 CD 6B 05")))
        .containsExactly(1, 0, 1, 1, 0, 0, 1, 1, 1, 1, 0, 1, 0, 1, 1, 0, 1, 0, 1);
  }

  /** 6.2: discrete inputs 197..218. */
  @Test
  void readDiscreteInputs() {
    ReadRequest request = new ReadRequest(Table.DISCRETE, 0xc4, 0x16, "");

    assertPdu(request, "02 00 C4 00 16");
    assertThat(request.fault(bytes("02 03 AC DB 35"))).isNull();
    assertThat(request.values(bytes("02 03 AC DB 35")))
        .containsExactly(0, 0, 1, 1, 0, 1, 0, 1, 1, 1, 0, 1, 1, 0, 1, 1, 1, 0, 1, 0, 1, 1);
  }

  /** 6.3: registers 108..110. */
  @Test
  void readHoldingRegisters() {
    ReadRequest request = new ReadRequest(Table.HOLDING, 0x6b, 3, "");

    assertPdu(request, "03 00 6B 00 03");
    assertThat(request.fault(bytes("03 06 02 2B 00 00 00 64"))).isNull();
    assertThat(request.values(bytes("03 06 02 2B 00 00 00 64"))).containsExactly(555, 0, 100);
  }

  /** 6.4: input register 9. */
  @Test
  void readInputRegisters() {
    ReadRequest request = new ReadRequest(Table.INPUT, 8, 1, "");

    assertPdu(request, "04 00 08 00 01");
    assertThat(request.values(bytes("04 02 00 0A"))).containsExactly(10);
  }

  /** 6.5: coil 173 on. */
  @Test
  void writeSingleCoil() {
    PduRequest request = WriteRequest.coil(0xac, true, "");

    assertPdu(request, "05 00 AC FF 00");
    assertPdu(WriteRequest.coil(0xac, false, ""), "05 00 AC 00 00");
    assertThat(request.fault(bytes("05 00 AC FF 00"))).isNull();
  }

  /** 6.6: register 2 set to 3. */
  @Test
  void writeSingleRegister() {
    PduRequest request = WriteRequest.register(1, 3, "");

    assertPdu(request, "06 00 01 00 03");
    assertPdu(WriteRequest.register(0xffff, 0xffff, ""), "06 FF FF FF FF");
    assertThat(request.fault(bytes("06 00 01 00 03"))).isNull();
  }

  /** 6.11: ten coils from coil 20 on. */
  @Test
  void writeMultipleCoils() {
    boolean[] on = {true, false, true, true, false, false, true, true, true, false};
    PduRequest request = WriteRequest.coils(0x13, on, "");

    assertPdu(request, "0F 00 13 00 0A 02 CD 01");
    assertThat(request.fault(bytes("0F 00 13 00 0A"))).isNull();
  }

  /** 6.12: two registers from register 2 on. */
  @Test
  void writeMultipleRegisters() {
    PduRequest request = WriteRequest.registers(1, new int[] {0x000a, 0x0102}, "");

    assertPdu(request, "10 00 01 00 02 04 00 0A 01 02");
    assertThat(request.fault(bytes("10 00 01 00 02"))).isNull();
  }

  /** 6.17: the example's three registers from address 14, read where they were written. */
  @Test
  void writeAndReadBack() {
    ReadWriteRequest request = new ReadWriteRequest(14, new int[] {255, 255, 255}, "");

    assertPdu(request, "17 00 0E 00 03 00 0E 00 03 06 00 FF 00 FF 00 FF");
    assertThat(request.fault(bytes("17 06 00 FE 0A CD 00 01"))).isNull();
    assertThat(request.words(bytes("17 06 00 FE 0A CD 00 01"))).containsExactly(254, 2765, 1);
    assertThat(request.fault(bytes("17 04 00 FE 0A CD"))).isEqualTo("byte count 4, expected 6");
    assertThat(request.fault(bytes("17 06 00 FE 0A CD"))).isEqualTo("4 bytes of data, expected 6");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new ReadWriteRequest(0, new int[122], ""));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new ReadWriteRequest(65_535, new int[2], ""));
  }

  /**
   * 6.16: register 5, AND 0x00F2, OR 0x0025. The specification's OR mask reaches beyond its AND.
   */
  @Test
  void maskWriteRegister() {
    PduRequest request = WriteRequest.masked(4, 0xff0d, 0x0005, "");

    assertPdu(request, "16 00 04 00 F2 00 05");
    assertThat(request.fault(bytes("16 00 04 00 F2 00 05"))).isNull();
    assertThat(request.fault(bytes("16 00 04 00 F2 00 04")))
        .isEqualTo("confirmation 16 00 04 00 f2 00 04, expected 16 00 04 00 f2 00 05");
    assertThat(request.fault(bytes("16 00 04 00 F2"))).isNotNull();
    assertPdu(WriteRequest.masked(0xffff, 0x8000, 0x8000, ""), "16 FF FF 7F FF 80 00");
  }

  @Test
  void aReadAnswerOfAnotherLengthIsRefused() {
    ReadRequest request = new ReadRequest(Table.HOLDING, 0, 2, "");

    assertThat(request.fault(bytes("03 02 00 01"))).isEqualTo("byte count 2, expected 4");
    assertThat(request.fault(bytes("03 06 00 01 00 02 00 03")))
        .isEqualTo("byte count 6, expected 4");
    assertThat(request.fault(bytes("03 04 00 01"))).isEqualTo("2 bytes of data, expected 4");
    assertThat(request.fault(bytes("03 04 00 01 00 02 00")))
        .isEqualTo("5 bytes of data, expected 4");
  }

  @Test
  void aConfirmationOfSomethingElseIsRefused() {
    PduRequest request = WriteRequest.register(1, 3, "");

    assertThat(request.fault(bytes("06 00 02 00 03")))
        .isEqualTo("confirmation 06 00 02 00 03, expected 06 00 01 00 03");
    assertThat(request.fault(bytes("06 00 01 00 04"))).isNotNull();
    assertThat(request.fault(bytes("06 00 01 00"))).isNotNull();
    assertThat(request.fault(bytes("06 00 01 00 03 00"))).isNotNull();
  }

  /** j2mod's own answer class reads a coil's address as signed and ignores the last byte. */
  @Test
  void theWholeConfirmationOfACoilIsCompared() {
    PduRequest request = WriteRequest.coil(0x8001, true, "");

    assertThat(request.fault(bytes("05 80 01 FF 00"))).isNull();
    assertThat(request.fault(bytes("05 80 01 FF 01"))).isNotNull();
    assertThat(request.fault(bytes("05 80 01 00 00"))).isNotNull();
  }

  @Test
  void theLongestAnswersAreRead() {
    byte[] registers = new byte[252];
    registers[0] = 3;
    registers[1] = (byte) 250;
    registers[251] = 7;
    byte[] bits = new byte[252];
    bits[0] = 1;
    bits[1] = (byte) 250;
    bits[251] = (byte) 0x80;

    ReadRequest words = new ReadRequest(Table.HOLDING, 65_411, 125, "");
    ReadRequest coils = new ReadRequest(Table.COIL, 63_536, 2000, "");

    assertThat(words.fault(registers)).isNull();
    assertThat(words.values(registers)[124]).isEqualTo(7);
    assertThat(coils.fault(bits)).isNull();
    assertThat(coils.values(bits)[1999]).isEqualTo(1);
  }

  @Test
  void requestsBeyondTheProtocolAreNotMade() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new ReadRequest(Table.HOLDING, 0, 126, ""));
    assertThatIllegalArgumentException().isThrownBy(() -> new ReadRequest(Table.COIL, 0, 2001, ""));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new ReadRequest(Table.HOLDING, 65_535, 2, ""));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> WriteRequest.registers(0, new int[124], ""));
  }

  private static void assertPdu(PduRequest request, String hex) {
    assertThat(request.pdu()).containsExactly(bytes(hex));
  }

  private static byte[] bytes(String hex) {
    return HexFormat.ofDelimiter(" ").parseHex(hex);
  }
}
