package io.snaprail.driver.modbus.internal.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.snaprail.api.model.Value;
import io.snaprail.testkit.RecordingSink;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** SunSpec Information Model Specification, "Value Representation". */
class SunSpecCodecTest {

  private static RecordingSink decode(String type, int... words) {
    RecordingSink sink = new RecordingSink();
    RegisterCodec codec = Codecs.of(type, "");
    assertThat(words).hasSize(codec.width());
    // Not at the beginning, as in a block that others share.
    int[] block = new int[words.length + 2];
    System.arraycopy(words, 0, block, 1, words.length);
    codec.decode(block, 1, 0, sink);
    return sink;
  }

  private static int[] words(String hex) {
    return Arrays.stream(hex.split(" ")).mapToInt(word -> Integer.parseInt(word, 16)).toArray();
  }

  @ParameterizedTest
  @CsvSource({
    "int16, 8000",
    "uint16, FFFF",
    "acc16, 0000",
    "enum16, FFFF",
    "bitfield16, FFFF",
    "sunssf, 8000",
    "int32, 8000 0000",
    "uint32, FFFF FFFF",
    "acc32, 0000 0000",
    "enum32, FFFF FFFF",
    "bitfield32, FFFF FFFF",
    "int64, 8000 0000 0000 0000",
    "uint64, FFFF FFFF FFFF FFFF",
    "acc64, 0000 0000 0000 0000",
    "bitfield64, FFFF FFFF FFFF FFFF",
  })
  void whatMeansNoValueIsBadWithAndWithoutScaleFactor(String type, String hex) {
    String reason = ", which means that it has no value";
    assertThat(decode("sunspec(" + type + ")", words(hex)).reason(0)).endsWith(reason);
    String scaled = "sunspec(" + type + ",+" + words(hex).length + ")";
    assertThat(decode(scaled, words(hex + " 0000")).reason(0)).endsWith(reason);
  }

  /** SunSpec floats have NaN for it, which every float32 gives on. */
  @Test
  void aFloatThatIsNoNumberIsGivenOnAsSuch() {
    Value value = decode("float32", 0x7fc0, 0).value(0);
    assertThat(value).isNotNull();
    assertThat(value.number()).isNaN();
  }

  @ParameterizedTest
  @CsvSource({
    "int16, 8001, -32767",
    "int16, 7FFF, 32767",
    "uint16, FFFE, 65534",
    "uint16, 0000, 0",
    "acc32, 0000 0001, 1",
    "enum16, 0004, 4",
    "sunssf, FFFE, -2",
    "int32, FFFF FFFF, -1",
    "uint32, FFFF FFFE, 4294967294",
    "int64, FFFF FFFF FFFF FFFE, -2",
    "acc64, 0000 0001 0000 0000, 4294967296",
  })
  void withoutScaleFactorItIsAWholeNumber(String type, String hex, long value) {
    assertThat(decode("sunspec(" + type + ")", words(hex)).value(0))
        .isEqualTo(new Value.Int(value));
  }

  @Test
  void anUnsignedOneAboveWhatCanBeTakenIsBadAndNeverAnotherNumber() {
    assertThat(decode("sunspec(uint64)", words("8000 0000 0000 0000")).reason(0))
        .contains("9223372036854775808");
  }

  @ParameterizedTest
  @CsvSource({
    "int16, FD08 FFFF, -76.0",
    "int16, 0901 FFFF, 230.5",
    "uint16, 0003 FFFF, 0.3",
    "uint16, 1388 FFFE, 50.0",
    "uint16, 0007 0003, 7000",
    "uint16, 0000 FFFE, 0",
    "uint16, 0001 FFF6, 1e-10",
    "uint16, 0001 000A, 1e10",
    "acc32, 0001 E240 FFFD, 123.456",
    "int64, FFFF FFFF FFFF FFFF FFFF, -0.1",
    "acc64, 7FFF FFFF FFFF FFFF FFFD, 9223372036854775.807",
    "uint64, 8000 0000 0000 0000 FFFF, 922337203685477580.8",
  })
  void aValueIsScaledInDecimal(String type, String hex, double value) {
    int width = words(hex).length - 1;
    assertThat(decode("sunspec(" + type + ",+" + width + ")", words(hex)).value(0))
        .isEqualTo(new Value.Float64(value));
  }

  @Test
  void theScaleFactorMayBeFarBehindOrBefore() {
    assertThat(decode("sunspec(int16,+4)", 235, 1, 2, 3, 0xffff).value(0))
        .isEqualTo(new Value.Float64(23.5));
    assertThat(decode("sunspec(uint32,-3)", 0xfffe, 8, 9, 1, 0).value(0))
        .isEqualTo(new Value.Float64(655.36));
    assertThat(Codecs.of("sunspec(uint32,-3)", "").before()).isEqualTo(3);
    assertThat(Codecs.of("sunspec(uint32,+5)", "").before()).isZero();
  }

  @ParameterizedTest
  @CsvSource({
    "8000, which means that it has none",
    "000B, 'gave the scale factor 11, expected -10..10'",
    "FFF5, 'gave the scale factor -11, expected -10..10'",
    "7FFF, 'gave the scale factor 32767, expected -10..10'",
  })
  void aScaleFactorThatIsNoneMakesTheValueBad(String factor, String reason) {
    assertThat(decode("sunspec(int16,+1)", 5, Integer.parseInt(factor, 16)).reason(0))
        .endsWith(reason);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "sunspec|did you mean 'sunspec(TYPE)'?",
        "sunspec()|did you mean 'sunspec(TYPE)'?",
        "sunspec(float32,+1)|TYPE is one of int16, uint16, acc16",
        "sunspec(int16,12)|expected sunspec(TYPE), or sunspec(TYPE,+N)",
        "sunspec(int16,+0)|outside the value",
        "sunspec(uint32,+1)|outside the value",
        "sunspec(int16,+125)|within 125 registers",
        "sunspec(int16,-125)|within 125 registers",
      })
  void aWrongTypeIsRefusedWithWhatIsExpected(String type, String message) {
    assertThatThrownBy(() -> Codecs.of(type, ""))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message);
  }

  @Test
  void hasNoOrderAndTakesBlanks() {
    assertThatThrownBy(() -> Codecs.of("sunspec(int16,+1)", "BA"))
        .hasMessageContaining("leave it empty");
    assertThat(Codecs.of("SunSpec( int16 , -2 )", "").type()).isEqualTo("sunspec(int16,-2)");
    assertThat(Codecs.of("sunspec(int16,+124)", "").width()).isEqualTo(125);
  }

  @Test
  void isWrittenOnlyWithoutScaleFactor() {
    assertThat(Codecs.of("sunspec(enum16)", "").encode(new Value.Int(4))).containsExactly(4);
    assertThat(Codecs.of("sunspec(int32)", "").encode(new Value.Int(-2)))
        .containsExactly(0xffff, 0xfffe);
    assertThat(Codecs.of("sunspec(int16,+1)", "").writable()).isFalse();
  }
}
