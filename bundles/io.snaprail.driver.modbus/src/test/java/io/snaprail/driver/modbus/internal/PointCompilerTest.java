package io.snaprail.driver.modbus.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.snaprail.api.model.Access;
import io.snaprail.api.model.PointDefinition;
import io.snaprail.driver.modbus.internal.transport.Table;
import io.snaprail.testkit.TestPoints;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PointCompilerTest {
  private final PointCompiler zeroBased = new PointCompiler(true, 125, WriteFunction.AUTO);

  @ParameterizedTest
  @CsvSource({
    "holding:65534,int32,HOLDING,65534,2",
    "holding:65535,uint16,HOLDING,65535,1",
    "coil:65535,bool,COIL,65535,1",
    "discrete:3,'',DISCRETE,3,1",
    "holding:4.7,bool,HOLDING,4,1",
    "input:4.7,'',INPUT,4,1",
    "40101,float32,HOLDING,100,2",
    "holding:4.h,int8,HOLDING,4,1",
    "holding:4,uint8,HOLDING,4,1",
    "input:0,uint64,INPUT,0,4",
    "input:0,string(5),INPUT,0,3",
    "input:65411,string(250),INPUT,65411,125",
    "holding:4,bits(1..2),HOLDING,4,1",
  })
  void aPointKnowsItsPlaceAndWidth(String address, String type, Table table, int wire, int width) {
    ModbusPoint point = zeroBased.readable(TestPoints.readable("p", address, type));

    assertThat(point.table()).isEqualTo(table);
    assertThat(point.address()).isEqualTo(wire);
    assertThat(point.width()).isEqualTo(width);
  }

  @Test
  void aValueThatReachesPastTheLastRegisterIsRefused() {
    assertFault(
        "holding:65535",
        "int32",
        "",
        "address 'holding:65535': expected 0..65535 for all 2 registers of int32, found"
            + " 65535..65536");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                new PointCompiler(false, 125, WriteFunction.AUTO)
                    .readable(TestPoints.readable("p", "holding:65536", "float32")))
        .withMessage(
            "address 'holding:65536': expected 1..65536 for all 2 registers of float32, found"
                + " 65536..65537");
  }

  @Test
  void aBooleanInARegisterMustNameItsBit() {
    assertFault(
        "holding:7",
        "bool",
        "",
        "type 'bool' at 'holding:7': a register has 16 bits: name one, such as 'holding:7.0', or"
            + " use a coil or discrete address");
  }

  @Test
  void aBitHoldsNothingButABoolean() {
    assertFault("coil:7", "int16", "", "type 'int16' at 'coil:7': a single bit is of type bool");
    assertFault(
        "holding:7.1",
        "boolen",
        "",
        "type 'boolen' at 'holding:7.1': a single bit is of type bool; did you mean 'bool'?");
    assertFault("coil:7", "bool", "AB", "order 'AB': a coil has none: leave it empty");
  }

  @Test
  void aValueMustFitIntoTheLongestRead() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                new PointCompiler(true, 1, WriteFunction.AUTO)
                    .readable(TestPoints.readable("p", "holding:0", "uint32")))
        .withMessage("type 'uint32' takes 2 registers, but max.registers is 1");
  }

  @Test
  void onlyCoilsAndHoldingRegistersAreWritten() {
    assertThat(zeroBased.writable(TestPoints.writable("p", "coil:1", "bool"))).isNotNull();
    assertThat(zeroBased.writable(TestPoints.writable("p", "holding:1", "int32"))).isNotNull();
    for (String readOnly : new String[] {"discrete:1", "10002"}) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> zeroBased.writable(TestPoints.writable("p", readOnly, "bool")))
          .withMessage(
              "address '%s': discrete can only be read: expected coil or holding, or access 'r'",
              readOnly);
    }
    assertThatIllegalArgumentException()
        .isThrownBy(() -> zeroBased.writable(TestPoints.writable("p", "input:1", "int16")))
        .withMessageContaining("input can only be read");
    assertThat(zeroBased.writable(TestPoints.writable("p", "holding:1.2", "bool"))).isNotNull();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> zeroBased.writable(TestPoints.writable("p", "holding:1", "string(248)")))
        .withMessage(
            "type 'string(248)' takes 124 registers, but one write takes at most 123: use access"
                + " 'r'");
  }

  @Test
  void onlyAByteIsHalfARegister() {
    assertFault(
        "holding:7.h",
        "int16",
        "",
        "type 'int16': '.h' and '.l' name one byte: expected int8 or uint8");
    assertFault(
        "holding:7.1",
        "bits(1..2)",
        "",
        "type 'bits(1..2)' at 'holding:7.1': a single bit is of" + " type bool");
  }

  private void assertFault(String address, String type, String order, String message) {
    PointDefinition point = TestPoints.of("p", address, type, order, Access.READ);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> zeroBased.readable(point))
        .withMessage(message);
  }
}
