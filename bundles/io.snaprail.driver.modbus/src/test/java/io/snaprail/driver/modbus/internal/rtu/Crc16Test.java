package io.snaprail.driver.modbus.internal.rtu;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class Crc16Test {
  /** The check value of CRC-16/MODBUS in the catalogue of parametrised CRC algorithms. */
  @Test
  void theCheckValueIsThePublishedOne() {
    byte[] bytes = "123456789".getBytes(StandardCharsets.US_ASCII);

    assertThat(Crc16.of(bytes, bytes.length)).isEqualTo(0x4b37);
  }

  /**
   * Published frames; the first is the example of Modbus over Serial Line V1.02, section 6.2.2: the
   * checksum of 02 07 is 1241 hex, its low byte first.
   */
  @ParameterizedTest
  @CsvSource({
    "0207,4112",
    "1103006B0003,7687",
    "110306AE4156524340,49AD",
    "110500ACFF00,4E8B",
    "110600010003,9A9B",
    "01030000000A,C5CD",
    "11100001000204000A0102,C6F0",
  })
  void publishedFramesHaveTheirChecksum(String frame, String checksum) {
    byte[] bytes = HexFormat.of().parseHex(frame);
    int crc = Crc16.of(bytes, bytes.length);

    assertThat(HexFormat.of().withUpperCase().toHexDigits((short) Integer.reverseBytes(crc << 16)))
        .isEqualTo(checksum);
  }

  @Test
  void everyChangedBitChangesIt() {
    byte[] bytes = new byte[256];
    int before = Crc16.of(bytes, bytes.length);
    for (int bit = 0; bit < 8 * bytes.length; bit++) {
      bytes[bit / 8] ^= (byte) (1 << bit % 8);
      assertThat(Crc16.of(bytes, bytes.length)).as("bit %d", bit).isNotEqualTo(before);
      bytes[bit / 8] ^= (byte) (1 << bit % 8);
    }
  }
}
