package io.snaprail.driver.modbus.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.snaprail.driver.modbus.internal.ModbusAddress.Half;
import io.snaprail.driver.modbus.internal.transport.Table;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ModbusAddressTest {

  @ParameterizedTest
  @CsvSource({
    "holding:0,HOLDING,0,-1",
    "holding:100,HOLDING,100,-1",
    "holding:65535,HOLDING,65535,-1",
    "holding:0x64,HOLDING,100,-1",
    "HOLDING:0XFFFF,HOLDING,65535,-1",
    "input:7,INPUT,7,-1",
    "coil:0,COIL,0,-1",
    "discrete:9,DISCRETE,9,-1",
    "holding:100.0,HOLDING,100,0",
    "input:0x10.15,INPUT,16,15",
    "' holding:3 ',HOLDING,3,-1",
  })
  void namedAddressesCountFromZero(String text, Table table, int wire, int bit) {
    assertThat(ModbusAddress.parse(text, true))
        .isEqualTo(new ModbusAddress(table, wire, bit, Half.NONE));
  }

  @ParameterizedTest
  @CsvSource({"holding:1,0", "holding:100,99", "holding:65536,65535", "holding:0x64,99"})
  void namedAddressesCountFromOneWhenTheDeviceDoes(String text, int wire) {
    assertThat(ModbusAddress.parse(text, false))
        .isEqualTo(new ModbusAddress(Table.HOLDING, wire, -1, Half.NONE));
  }

  /** Five digits reach to 9999, six to 65536; they count from 1 whatever the device is set to. */
  @ParameterizedTest
  @CsvSource({
    "40001,HOLDING,0,-1",
    "40101,HOLDING,100,-1",
    "49999,HOLDING,9998,-1",
    "400101,HOLDING,100,-1",
    "465536,HOLDING,65535,-1",
    "4x0101,HOLDING,100,-1",
    "4X1,HOLDING,0,-1",
    "4x65536,HOLDING,65535,-1",
    "30001,INPUT,0,-1",
    "300001,INPUT,0,-1",
    "3x2,INPUT,1,-1",
    "10001,DISCRETE,0,-1",
    "1x5,DISCRETE,4,-1",
    "00001,COIL,0,-1",
    "000017,COIL,16,-1",
    "40101.3,HOLDING,100,3",
  })
  void traditionalAddressesAlwaysCountFromOne(String text, Table table, int wire, int bit) {
    ModbusAddress expected = new ModbusAddress(table, wire, bit, Half.NONE);

    assertThat(ModbusAddress.parse(text, true)).isEqualTo(expected);
    assertThat(ModbusAddress.parse(text, false)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "holding:70000,true,0..65535,70000",
    "holding:65536,true,0..65535,65536",
    "holding:0x10000,true,0..65535,65536",
    "holding:0,false,1..65536,0",
    "holding:65537,false,1..65536,65537",
    "40000,true,1..9999,0",
    "400000,true,1..65536,0",
    "465537,true,1..65536,65537",
    "4x0,true,1..65536,0",
    "coil:99999,true,0..65535,99999",
  })
  void anAddressOutOfRangeIsNamedWithTheRange(
      String text, boolean zeroBased, String expected, String found) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ModbusAddress.parse(text, zeroBased))
        .withMessage("address '%s': expected %s, found %s", text, expected, found);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "100",
        "holding",
        "holding:",
        "holding:-1",
        "holding:1e3",
        "holding:12345678901",
        "registers:5",
        "20001",
        "4001",
        "4000001",
        "holding:1.",
        "holding:1.2.3",
        "x5",
        "4y5"
      })
  void whatIsNoAddressIsAnsweredWithTheForms(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ModbusAddress.parse(text, true))
        .withMessageStartingWith("address '" + text + "': expected coil:N, discrete:N");
  }

  /** 0x0101 is both the number 257 and, in the traditional way, coil 101. */
  @Test
  void aHexNumberWithoutTableIsNotGuessed() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ModbusAddress.parse("0x0101", true))
        .withMessage(
            "address '0x0101' may be a number or a coil: write coil:N, discrete:N, input:N or"
                + " holding:0x0101");
  }

  @Test
  void bitsAreZeroToFifteenAndOnlyInRegisters() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ModbusAddress.parse("holding:1.16", true))
        .withMessage("address 'holding:1.16': expected bit 0..15, found 16");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ModbusAddress.parse("coil:1.0", true))
        .withMessage("address 'coil:1.0': a coil has no bits: leave '.0' out");
  }

  @Test
  void aByteOfARegisterIsItsLowOrItsHighOne() {
    assertThat(ModbusAddress.parse("holding:5.h", true))
        .isEqualTo(new ModbusAddress(Table.HOLDING, 5, -1, Half.HIGH));
    assertThat(ModbusAddress.parse("40006.L", true))
        .isEqualTo(new ModbusAddress(Table.HOLDING, 5, -1, Half.LOW));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ModbusAddress.parse("coil:1.h", true))
        .withMessage("address 'coil:1.h': a coil has no bits: leave '.h' out");
  }
}
