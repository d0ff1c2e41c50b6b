package io.snaprail.driver.modbus.internal.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.snaprail.api.model.Value;
import io.snaprail.testkit.RecordingSink;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CodecsTest {

  /**
   * Integers in two's complement; floats from IEEE 754-2019 table 3.5 and well-known examples
   * (0x40490FDB is the single next to pi, 0x42F6E979 to 123.456).
   */
  @ParameterizedTest
  @CsvSource({
    "int16,AB,0000,0",
    "int16,AB,7FFF,32767",
    "int16,AB,8000,-32768",
    "int16,AB,FFFF,-1",
    "int16,BA,FEFF,-2",
    "uint16,AB,FFFF,65535",
    "uint16,BA,0001,256",
    "uint16,'',0100,256",
    "int32,ABCD,7FFFFFFF,2147483647",
    "int32,ABCD,80000000,-2147483648",
    "int32,CDAB,FFFEFFFF,-2",
    "int32,BADC,FFFFFEFF,-2",
    "int32,DCBA,FEFFFFFF,-2",
    "uint32,ABCD,AE415652,2923517522",
    "uint32,CDAB,5652AE41,2923517522",
    "uint32,BADC,41AE5256,2923517522",
    "uint32,DCBA,525641AE,2923517522",
    "uint32,ABCD,FFFFFFFF,4294967295",
    "UINT32,abcd,00000001,1",
  })
  void integersAreReadAndWrittenBitByBit(String type, String order, String line, long value) {
    assertThat(decoded(type, order, line)).isEqualTo(new Value.Int(value));
    assertThat(Codecs.of(type, order).encode(new Value.Int(value))).containsExactly(words(line));
  }

  @ParameterizedTest
  @CsvSource({
    "ABCD,40490FDB,3.1415927",
    "CDAB,0FDB4049,3.1415927",
    "BADC,4940DB0F,3.1415927",
    "DCBA,DB0F4940,3.1415927",
    "ABCD,42F6E979,123.456",
    "ABCD,C2F6E979,-123.456",
    "ABCD,80000000,-0.0",
    "ABCD,00000001,1.4E-45",
    "ABCD,7F7FFFFF,3.4028235E38",
  })
  void floatsAreReadAndWrittenBitByBit(String order, String line, float value) {
    assertThat(decoded("float32", order, line)).isEqualTo(new Value.Float32(value));
    assertThat(Codecs.of("float32", order).encode(new Value.Float32(value)))
        .containsExactly(words(line));
  }

  /** The core makes BAD of these: the driver only must not lose them. */
  @ParameterizedTest
  @CsvSource({"7FC00000,NaN", "7F800000,Infinity", "FF800000,-Infinity"})
  void floatsThatAreNoNumbersAreDeliveredAsTheyAre(String line, float value) {
    assertThat(decoded("float32", "", line)).isEqualTo(new Value.Float32(value));
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
    for (String type : new String[] {"int16", "uint32", "float32"}) {
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

  /** Bit 0 is the least significant of the value, wherever the order puts its byte. */
  @ParameterizedTest
  @CsvSource({
    "0001,'',0,true",
    "8000,'',15,true",
    "0008,'',3,true",
    "0008,'',2,false",
    "0100,BA,0,true",
    "0001,BA,8,true"
  })
  void aBitOfARegisterIsCountedFromTheLeastSignificant(
      String line, String order, int bit, boolean expected) {
    RecordingSink sink = new RecordingSink();
    Codecs.bit(bit, order).decode(words(line), 0, 4, sink);

    assertThat(sink.value(4)).isEqualTo(new Value.Bool(expected));
  }

  @ParameterizedTest
  @CsvSource({
    "float,float32",
    "real,float32",
    "flaot32,float32",
    "word,uint16",
    "unit16,uint16",
    "in16,int16",
    "dint,int32",
    "boolean,bool",
    "bol,bool",
  })
  void anUnknownTypeIsAnsweredWithTheTypesAndTheLikeliest(String type, String likeliest) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Codecs.of(type, ""))
        .withMessage(
            "type '%s': expected one of bool, int16, uint16, int32, uint32, float32; did you mean"
                + " '%s'?",
            type, likeliest);
  }

  /** Whoever writes int64 means 64 bits; a suggestion of another width would mislead. */
  @ParameterizedTest
  @ValueSource(strings = {"int64", "int8", "float64", "string", ""})
  void aTypeThatResemblesNoneGetsNoSuggestion(String type) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Codecs.of(type, ""))
        .withMessageEndingWith("float32");
  }

  @Test
  void anOrderThatDoesNotFitTheTypeIsAnsweredWithThoseThatDo() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Codecs.of("int16", "ABCD"))
        .withMessage("order 'ABCD' for int16: expected AB or BA, or nothing for the default AB");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Codecs.of("float32", "ACBD"))
        .withMessage(
            "order 'ACBD' for float32: expected ABCD, CDAB, BADC or DCBA, or nothing for the"
                + " default ABCD");
  }

  private static Value decoded(String type, String order, String line) {
    RecordingSink sink = new RecordingSink();
    Codecs.of(type, order).decode(words(line), 0, 0, sink);
    return sink.value(0);
  }

  private static int[] words(String hex) {
    byte[] bytes = HexFormat.of().parseHex(hex);
    int[] words = new int[bytes.length / 2];
    for (int i = 0; i < words.length; i++) {
      words[i] = (bytes[2 * i] & 0xff) << 8 | (bytes[2 * i + 1] & 0xff);
    }
    return words;
  }
}
