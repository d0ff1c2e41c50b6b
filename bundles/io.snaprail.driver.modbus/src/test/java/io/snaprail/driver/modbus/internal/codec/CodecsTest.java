package io.snaprail.driver.modbus.internal.codec;

import static io.snaprail.driver.modbus.internal.codec.OnTheLine.decoded;
import static io.snaprail.driver.modbus.internal.codec.OnTheLine.reason;
import static io.snaprail.driver.modbus.internal.codec.OnTheLine.words;
import static org.assertj.core.api.Assertions.assertThat;

import io.snaprail.api.model.Value;
import io.snaprail.testkit.RecordingSink;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Values and the registers that hold them, bit by bit. */
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
    "int64,ABCDEFGH,7FFFFFFFFFFFFFFF,9223372036854775807",
    "int64,ABCDEFGH,8000000000000000,-9223372036854775808",
    "int64,GHEFCDAB,FFFEFFFFFFFFFFFF,-2",
    "int64,'',0102030405060708,72623859790382856",
    "int64,GHEFCDAB,0708050603040102,72623859790382856",
    "int64,BADCFEHG,0201040306050807,72623859790382856",
    "int64,HGFEDCBA,0807060504030201,72623859790382856",
    "uint64,ABCDEFGH,7FFFFFFFFFFFFFFF,9223372036854775807",
    "uint64,GHEFCDAB,0001000000000000,1",
    "uint8,'',12FE,254",
    "int8,'',12FE,-2",
    "int8,'',1280,-128",
    "bits(3..5),'',FFEF,5",
    "bits(0..15),'',FFFE,65534",
    "bits(15..15),'',8000,1",
    "'BITS( 0 .. 3 )',BA,0A00,10",
    "bcd16,'',1234,1234",
    "bcd16,BA,3412,1234",
    "bcd16,'',9999,9999",
    "bcd32,'',12345678,12345678",
    "bcd32,CDAB,56781234,12345678",
    "bcd32,'',00000007,7",
  })
  void integersAreReadAndWrittenBitByBit(String type, String order, String line, long value) {
    assertThat(decoded(type, order, line)).isEqualTo(new Value.Int(value));
    RegisterCodec codec = Codecs.of(type, order);
    int[] words = words(line);
    words[0] &= codec.mask();
    assertThat(codec.encode(new Value.Int(value))).containsExactly(words);
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

  /** IEEE 754-2019, binary64: pi, the largest, the smallest, and 0.1. */
  @ParameterizedTest
  @CsvSource({
    "ABCDEFGH,400921FB54442D18,3.141592653589793",
    "GHEFCDAB,2D18544421FB4009,3.141592653589793",
    "BADCFEHG,0940FB214454182D,3.141592653589793",
    "HGFEDCBA,182D4454FB210940,3.141592653589793",
    "'',7FEFFFFFFFFFFFFF,1.7976931348623157E308",
    "'',0000000000000001,4.9E-324",
    "'',8000000000000000,-0.0",
    "'',3FB999999999999A,0.1",
  })
  void doublesAreReadAndWrittenBitByBit(String order, String line, double value) {
    assertThat(decoded("float64", order, line)).isEqualTo(new Value.Float64(value));
    assertThat(Codecs.of("float64", order).encode(new Value.Float64(value)))
        .containsExactly(words(line));
  }

  /** IEEE 754-2019, binary16: one, the largest, the smallest normal and subnormal ones, a third. */
  @ParameterizedTest
  @CsvSource({
    "AB,3C00,1.0",
    "BA,003C,1.0",
    "AB,C000,-2.0",
    "AB,7BFF,65504",
    "AB,FBFF,-65504",
    "AB,0400,6.103515625E-5",
    "AB,03FF,6.097555160522461E-5",
    "AB,0001,5.960464477539063E-8",
    "AB,3555,0.333251953125",
    "AB,0000,0.0",
    "AB,8000,-0.0",
  })
  void halvesAreReadAndWrittenBitByBit(String order, String line, float value) {
    assertThat(decoded("float16", order, line)).isEqualTo(new Value.Float32(value));
    assertThat(Codecs.of("float16", order).encode(new Value.Float32(value)))
        .containsExactly(words(line));
  }

  /** Every half comes back as it was, so that none is off by a bit. */
  @Test
  void everyHalfSurvivesReadingAndWriting() {
    RegisterCodec codec = Codecs.of("float16", "");
    for (int bits = 0; bits <= 0xffff; bits++) {
      RecordingSink sink = new RecordingSink();
      codec.decode(new int[] {bits}, 0, 0, sink);
      Value value = sink.value(0);
      if (Double.isFinite(value.number())) {
        assertThat(codec.encode(value)).as("%04x", bits).containsExactly(bits);
      } else {
        assertThat(bits & 0x7c00).isEqualTo(0x7c00);
      }
    }
  }

  /** Ties go to the even neighbour (IEEE 754-2019, section 4.3.1). */
  @ParameterizedTest
  @CsvSource({
    "0.1,2E66",
    "2049,6800",
    "2051,6802",
    "65519.99,7BFF",
    "2.9802322387695312E-8,0000",
    "2.98023223876953162E-8,0001",
    "6.1E-5,03FF",
    "6.1005353927612305E-5,0400",
  })
  void halvesAreRoundedToTheNearest(double value, String line) {
    assertThat(Codecs.of("float16", "").encode(new Value.Float64(value)))
        .containsExactly(words(line));
  }

  /** A value of 64 bits without sign has no place in a signed one: none rather than a wrong one. */
  @Test
  void anUnsignedNumberBeyondTheLargestSignedOneIsBad() {
    assertThat(reason("uint64", "", "FFFFFFFFFFFFFFFF"))
        .isEqualTo(
            "the device gave 18446744073709551615: of uint64 only values up to 9223372036854775807"
                + " can be taken");
    assertThat(reason("uint64", "", "8000000000000000")).contains("9223372036854775808");
  }

  @ParameterizedTest
  @CsvSource({"bcd16,12A4", "bcd16,FFFF", "bcd32,1234567F"})
  void digitsThatAreNoneAreBad(String type, String line) {
    assertThat(reason(type, "", line))
        .isEqualTo("the device gave 0x" + line + ", which is no " + type);
  }

  @ParameterizedTest
  @CsvSource({
    "string(4),'',41424344,ABCD",
    "string(4),BA,42414443,ABCD",
    "string(6),'',414243440000,ABCD",
    "string(3),'',41424300,ABC",
    "string(4),'',C3BC4100,\u00fcA",
    "string(2),'',0000,''",
  })
  void textsAreReadAndWritten(String type, String order, String line, String value) {
    assertThat(decoded(type, order, line)).isEqualTo(new Value.Text(value));
    assertThat(Codecs.of(type, order).encode(new Value.Text(value))).containsExactly(words(line));
  }

  @ParameterizedTest
  @CsvSource({
    "string(8),4142202020202020,AB",
    "string(8),2041420043444546,' AB'",
    "string(3),41424344,ABC",
    "string(4),20202020,''",
  })
  void aTextEndsAtNulOrWhereItsRoomEndsAndLosesSpacesBehindIt(
      String type, String line, String value) {
    assertThat(decoded(type, "", line)).isEqualTo(new Value.Text(value));
  }

  @Test
  void bytesThatAreNoTextAreBad() {
    assertThat(reason("string(4)", "", "41FFFF42"))
        .isEqualTo("the device gave the bytes 41 ff ff 42, which are no text in UTF-8");
  }

  @ParameterizedTest
  @CsvSource({
    "uint8,'',0,00FF",
    "bits(3..5),'',0,0038",
    "bits(3..5),BA,0,3800",
    "bits(0..15),'',0,FFFF",
    "int16,'',0,FFFF",
  })
  void aPartOfARegisterKnowsItsBits(String type, String order, int value, String mask) {
    RegisterCodec codec = Codecs.of(type, order);

    assertThat(codec.mask()).isEqualTo(words(mask)[0]);
    assertThat(codec.encode(new Value.Int(value))).containsExactly(0);
  }

  @Test
  void theHighByteIsTakenAndGivenAlone() {
    RecordingSink sink = new RecordingSink();
    RegisterCodec codec = Codecs.highByte("int8", "");
    codec.decode(words("FE12"), 0, 0, sink);

    assertThat(sink.value(0)).isEqualTo(new Value.Int(-2));
    assertThat(codec.mask()).isEqualTo(0xff00);
    assertThat(codec.encode(new Value.Int(-2))).containsExactly(0xfe00);
  }

  @Test
  void aBitIsWrittenWhereItStands() {
    assertThat(Codecs.bit(3, "").mask()).isEqualTo(8);
    assertThat(Codecs.bit(3, "").encode(new Value.Bool(true))).containsExactly(8);
    assertThat(Codecs.bit(3, "BA").encode(new Value.Int(1))).containsExactly(0x800);
    assertThat(Codecs.bit(3, "").encode(new Value.Int(0))).containsExactly(0);
  }

  /** SunSpec Information Model, "unimplemented": 0x8000, 0xFFFF, 0x80000000, 0xFFFFFFFF. */
  @ParameterizedTest
  @CsvSource({
    "int16!0x8000,'',8000,0x8000",
    "int16!-32768,'',8000,-32768",
    "uint16!0xffff,BA,FFFF,0xFFFF",
    "int32!0x80000000,CDAB,00008000,0x80000000",
    "uint64!0xFFFFFFFFFFFFFFFF,'',FFFFFFFFFFFFFFFF,0xFFFFFFFFFFFFFFFF",
    "'uint32 ! 1 ! 0xFFFFFFFF','',00000001,1",
    "float32!-9999,'',C61C3C00,-9999",
    "int8!0x80,'',0180,0x80",
    "bits(4..7)!15,'',00F3,15",
    "bcd16!9999,'',9999,9999",
  })
  void aValueThatMeansNoneIsBad(String type, String order, String line, String shown) {
    assertThat(reason(type, order, line))
        .isEqualTo("the device gave " + shown + ", which means that it has no value");
  }

  @ParameterizedTest
  @CsvSource({"int16!0x8000,8001,-32767", "int8!0x80,8001,1", "uint32!1!2,00000003,3"})
  void everyOtherValueOfSuchATypeIsTaken(String type, String line, long value) {
    assertThat(decoded(type, "", line)).isEqualTo(new Value.Int(value));
    assertThat(Codecs.of(type, "").type()).isEqualTo(type.substring(0, type.indexOf('!')));
  }

  /** The core makes BAD of these: the driver only must not lose them. */
  @ParameterizedTest
  @CsvSource({"7FC00000,NaN", "7F800000,Infinity", "FF800000,-Infinity"})
  void floatsThatAreNoNumbersAreDeliveredAsTheyAre(String line, float value) {
    assertThat(decoded("float32", "", line)).isEqualTo(new Value.Float32(value));
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
}
