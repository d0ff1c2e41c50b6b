package io.snaprail.driver.serial.internal.checksum;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.Set;
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
    "lrc, 23",
    "crc8, F4",
    "crc8-maxim, A1",
    "crc16-modbus, 4B37",
    "crc16-arc, BB3D",
    "crc16-ccitt, 29B1",
    "crc16-xmodem, 31C3",
    "crc16-kermit, 2189",
    "crc16-x25, 906E",
    "crc16-dnp, EA82",
    "crc32, CBF43926"
  })
  void givesThePublishedCheckValueOf123456789(String code, String check) {
    Algorithm algorithm = Algorithm.parse(code);
    CHECKED.add(algorithm);
    assertThat(algorithm.of(ascii("123456789"), 0, 9)).isEqualTo(Long.parseLong(check, 16));
    if (CHECKED.size() == Algorithm.values().length) {
      assertThat(CHECKED).isEqualTo(EnumSet.allOf(Algorithm.class));
    }
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
