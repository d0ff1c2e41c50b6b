package io.snaprail.driver.serial.internal.checksum;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AlgorithmTest {
  private static final Set<Algorithm> CHECKED = new HashSet<>();

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  /** The check values of the catalogue of parametrised CRC algorithms, and hand-made sums. */
  @ParameterizedTest
  @CsvSource({
    "xor, 31",
    "sum8, DD",
    "sum16, 01DD",
    "lrc, 23",
    "lrc7, 23",
    "crc8, F4",
    "crc8-maxim, A1",
    "crc8-nrsc5, F7",
    "crc16-modbus, 4B37",
    "crc16-arc, BB3D",
    "crc16-ccitt, 29B1",
    "crc16-xmodem, 31C3",
    "crc16-kermit, 2189",
    "crc16-x25, 906E",
    "crc16-dnp, EA82",
    "crc16-en13757, C2B7",
    "crc32, CBF43926",
    "crc32c, E3069283",
    "crc32-mpeg2, 0376E6E7"
  })
  void givesThePublishedCheckValueOf123456789(String code, String check) {
    Algorithm algorithm = Algorithm.parse(code);
    CHECKED.add(algorithm);
    assertThat(algorithm.of(ascii("123456789"), 0, 9)).isEqualTo(Long.parseLong(check, 16));
  }

  @AfterAll
  static void everyAlgorithmIsChecked() {
    assertThat(CHECKED).isEqualTo(EnumSet.allOf(Algorithm.class));
  }

  /** The same catalogue: what differs only in its start or its last step is made of another. */
  @ParameterizedTest
  @CsvSource({
    "crc16-modbus, , FFFF, B4C8",
    "crc16-ccitt, 1D0F, , E5CC",
    "crc16-ccitt, , 0xFFFF, D64E",
    "crc8, , 55, A1",
    "crc32-mpeg2, , FFFFFFFF, FC891918",
    "sum8, , FF, 22",
    "xor, ff, , CE"
  })
  void startAndLastStepAreSettings(String code, String init, String xor, String check) {
    Computation computation =
        Computation.of(Algorithm.parse(code), init == null ? "" : init, xor == null ? "" : xor);
    assertThat(computation.of(ascii("123456789"), 0, 9)).isEqualTo(Long.parseLong(check, 16));
  }

  @ParameterizedTest
  @CsvSource({"crc8, 100, ''", "lrc7, 80, ''", "crc16-arc, '', G", "crc32, '', 123456789"})
  void namesAStartOrLastStepThatIsNone(String code, String init, String xor) {
    assertThatThrownBy(() -> Computation.of(Algorithm.parse(code), init, xor))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageMatching("checksum\\.(init|xor): expected nothing, or up to .* found '.*'");
  }

  @Test
  void takesOnlyTheBytesInItsRange() {
    assertThat(Algorithm.CRC16_MODBUS.of(ascii("xx123456789yy"), 2, 11)).isEqualTo(0x4B37);
  }

  @Test
  void ofNothingIsTheInitialValue() {
    assertThat(Algorithm.XOR.of(new byte[0], 0, 0)).isZero();
    assertThat(Algorithm.CRC16_MODBUS.of(new byte[0], 0, 0)).isEqualTo(0xFFFF);
  }

  @Test
  void namesWhatIsExpectedWhenThereIsNoSuchAlgorithm() {
    assertThatThrownBy(() -> Algorithm.parse("crc17"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("checksum: expected none, xor, sum8")
        .hasMessageEndingWith("found 'crc17'");
  }
}
