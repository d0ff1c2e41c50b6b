package io.snaprail.driver.modbus.internal.codec;

import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Types and orders as people write them, and what is said to those who write them wrongly. */
class TypeNamesTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "uint16!0x10000|mark '!0x10000' of uint16: expected at most 16 bits",
        "uint16!none|mark '!none' of uint16: expected a number, or bits such as 0x8000",
        "float32!0x7fc00000|mark '!0x7fc00000' of float32: expected a number",
        "uint16!-1|uint16 takes a whole number 0..65535, found -1",
        "string(4)!0|string(4) takes a text, found 0",
        "uint16!1e999999999|uint16 takes a whole number 0..65535, found Infinity",
      })
  void whatIsNoValueOfTheTypeCannotMeanNone(String type, String message) {
    assertThatIllegalArgumentException().isThrownBy(() -> Codecs.of(type, "")).withMessage(message);
  }

  @ParameterizedTest
  @CsvSource({"bits(5..3)", "bits(0..16)", "bits(3)", "bits(a..b)"})
  void aBitFieldNamesItsFirstAndItsLastBit(String type) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Codecs.of(type, ""))
        .withMessage(
            "type '%s': expected the first and the last bit, such as bits(3..5), of 0..15", type);
  }

  @ParameterizedTest
  @CsvSource({"string(0)", "string(251)", "string(x)", "string(-1)"})
  void aTextNamesItsLength(String type) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Codecs.of(type, ""))
        .withMessage("type '%s': expected the length in bytes, 1..250, two a register", type);
  }

  /**
   * Found by fuzzing: the form was looked for with effort that grew with the cube of the length.
   */
  @Test
  @Timeout(30)
  void aVeryLongTextIsNoTypeAndIsRefusedAtOnce() {
    for (String type :
        List.of(
            "string(" + " ".repeat(10_000),
            "string(" + " ".repeat(5_000) + "x" + " ".repeat(5_000) + "!",
            "uint16" + "!1".repeat(10_000))) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> Codecs.of(type, ""))
          .withMessageContaining("expected one of bool");
    }
  }

  @ParameterizedTest
  @CsvSource({"bits", "string", "uint16(3)", "string()", "uint16!", "uint16 8"})
  void aTypeOfAnotherFormIsNone(String type) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Codecs.of(type, ""))
        .withMessageStartingWith("type '" + type + "': expected one of bool, int8, uint8,");
  }

  @ParameterizedTest
  @CsvSource({
    "float,float32",
    "double,float64",
    "byte,uint8",
    "strin,string(N)",
    "text,string(N)",
    "timestamp,unixtime32",
    "cp56time2a,datetime(F)",
    "datetme,datetime(F)",
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
            "type '%s': expected one of bool, int8, uint8, int16, uint16, int32, uint32, int64,"
                + " uint64, float16, float32, float64, bcd16, bcd32, unixtime32, unixtime64[(ms)],"
                + " datetime(F), bits(A..B), string(N), sunspec(TYPE);"
                + " did you mean '%s'?",
            type, likeliest);
  }

  /** Whoever writes int128 means 128 bits; a suggestion of another width would mislead. */
  @ParameterizedTest
  @ValueSource(strings = {"int128", "float80", "interval", ""})
  void aTypeThatResemblesNoneGetsNoSuggestion(String type) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Codecs.of(type, ""))
        .withMessageEndingWith("sunspec(TYPE)");
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
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Codecs.of("float64", "ABCD"))
        .withMessage(
            "order 'ABCD' for float64: expected ABCDEFGH, GHEFCDAB, BADCFEHG or HGFEDCBA, or"
                + " nothing for the default ABCDEFGH");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Codecs.of("uint8", "AB"))
        .withMessage("order 'AB': a single byte (uint8) has none: leave it empty");
  }
}
