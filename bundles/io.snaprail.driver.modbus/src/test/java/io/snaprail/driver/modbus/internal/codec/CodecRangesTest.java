package io.snaprail.driver.modbus.internal.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.snaprail.api.model.Value;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What each type takes for writing, and what it refuses. */
class CodecRangesTest {

  @ParameterizedTest
  @ValueSource(doubles = {65520, -65520, 1e9, Double.NaN, Double.NEGATIVE_INFINITY})
  void whatNoHalfHoldsIsRefused(double value) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Codecs.of("float16", "").encode(new Value.Float64(value)))
        .withMessage("float16 takes a number -65504..65504, found " + value);
  }

  @Test
  void textsThatDoNotFitAreRefused() {
    RegisterCodec codec = Codecs.of("string(4)", "");

    assertThatIllegalArgumentException()
        .isThrownBy(() -> codec.encode(new Value.Text("ABCDE")))
        .withMessage("string(4) takes a text of at most 4 bytes, found 5");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> codec.encode(new Value.Text("A\0B")))
        .withMessage("string(4) takes a text without NUL, found one with");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> codec.encode(new Value.Int(7)))
        .withMessage("string(4) takes a text, found 7");
  }

  @ParameterizedTest
  @CsvSource({
    "int16,32768",
    "int16,-32769",
    "uint16,65536",
    "uint16,-1",
    "uint16,70000",
    "int32,2147483648",
    "int32,-2147483649",
    "uint32,4294967296",
    "uint32,-1",
    "uint64,-1",
    "int8,128",
    "int8,-129",
    "uint8,256",
    "bits(3..5),8",
    "bits(3..5),-1",
    "bcd16,10000",
    "bcd32,100000000",
    "bcd16,-1",
  })
  void integersOutOfRangeAreRefusedWithTheRange(String type, long value) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Codecs.of(type, "").encode(new Value.Int(value)))
        .withMessageStartingWith(type + " takes a whole number ")
        .withMessageContaining("..")
        .withMessageEndingWith("found " + value);
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.5, -1.25, 1e10, Double.NaN, Double.POSITIVE_INFINITY})
  void numbersThatAreNotWholeOrNotInRangeAreRefusedByIntegers(double value) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Codecs.of("int16", "").encode(new Value.Float64(value)))
        .withMessage("int16 takes a whole number -32768..32767, found " + value);
  }

  @Test
  void aWholeNumberMayComeAsADouble() {
    assertThat(Codecs.of("int16", "").encode(new Value.Float64(-3.0))).containsExactly(0xfffd);
  }

  @Test
  void textAndBooleansAreNoNumbers() {
    for (String type :
        new String[] {"int16", "uint32", "float32", "float16", "float64", "bcd16", "uint8"}) {
      RegisterCodec codec = Codecs.of(type, "");
      assertThatIllegalArgumentException()
          .isThrownBy(() -> codec.encode(new Value.Bool(true)))
          .withMessageContaining("found true");
      assertThatIllegalArgumentException()
          .isThrownBy(() -> codec.encode(new Value.Text("7")))
          .withMessageContaining("found 7");
    }
  }

  @Test
  void floatsTakeWholeNumbersAndDoublesAndRefuseWhatIsTooLarge() {
    RegisterCodec codec = Codecs.of("float32", "");

    assertThat(codec.encode(new Value.Int(-2))).containsExactly(0xc000, 0);
    assertThat(codec.encode(new Value.Float64(123.456))).containsExactly(0x42f6, 0xe979);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> codec.encode(new Value.Float64(1e39)))
        .withMessageContaining("found 1.0E39");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> codec.encode(new Value.Float64(Double.NaN)));
  }

  @Test
  void coilsTakeBooleansAndZeroAndOne() {
    assertThat(Codecs.bool().encode(new Value.Bool(true))).containsExactly(1);
    assertThat(Codecs.bool().encode(new Value.Int(0))).containsExactly(0);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Codecs.bool().encode(new Value.Int(2)))
        .withMessage("bool takes true, false, 1 or 0, found 2");
  }
}
