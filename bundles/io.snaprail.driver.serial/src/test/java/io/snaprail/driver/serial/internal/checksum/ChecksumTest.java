package io.snaprail.driver.serial.internal.checksum;

import static org.assertj.core.api.Assertions.assertThat;

import io.snaprail.driver.serial.internal.checksum.Checksum.Form;
import io.snaprail.driver.serial.internal.framing.Escapes;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChecksumTest {
  /** NMEA 0183: two hexadecimal digits behind '*', over what stands between '$' and '*'. */
  private static final Checksum NMEA = new Checksum(Algorithm.XOR, 1, -5, -4, Form.HEX);

  private static byte[] text(String text) {
    return Escapes.bytes("test", text);
  }

  /** The example sentence of the GPS receiver manuals (GGA, 1994). */
  private static final String GGA =
      "$GPGGA,123519,4807.038,N,01131.000,E,1,08,0.9,545.4,M,46.9,M,,*47\\r\\n";

  @Test
  void acceptsTheChecksumOfAnNmeaSentenceInEitherCase() {
    assertThat(NMEA.fault(text(GGA))).isEmpty();
    String rmc = "$GPRMC,123519,A,4807.038,N,01131.000,E,022.4,084.4,230394,003.1,W*6A\\r\\n";
    assertThat(NMEA.fault(text(rmc))).isEmpty();
    assertThat(NMEA.fault(text(rmc.replace("6A", "6a")))).isEmpty();
  }

  @Test
  void tellsWhatIsFoundAndExpected() {
    assertThat(NMEA.fault(text(GGA.replace("545.4", "545.5"))))
        .isEqualTo("checksum '47', expected '46'");
  }

  @Test
  void isNotFooledByOtherCharactersInPlaceOfDigits() {
    // 0x14 and 0x17 differ from '4' and '7' in one bit, as upper from lower case.
    assertThat(NMEA.fault(text(GGA.replace("*47", "*\\x147")))).isNotEmpty();
  }

  /** Modbus over Serial Line V1.02: low byte first. The frame is that of its appendix's style. */
  @Test
  void readsACrcWithTheLeastSignificantByteFirst() {
    Checksum modbus = new Checksum(Algorithm.CRC16_MODBUS, 0, 0, -2, Form.LITTLE);
    byte[] frame = HexFormat.of().parseHex("010300000001840A");
    assertThat(modbus.fault(frame)).isEmpty();
    frame[3] ^= 1;
    assertThat(modbus.fault(frame)).startsWith("checksum 840A, expected ");
  }

  /** IEC 62056-21, annex B: BCC over what follows STX, ETX included; it stands behind ETX. */
  @Test
  void mayIncludeTheEndMarkAndStandBehindIt() {
    Checksum bcc = new Checksum(Algorithm.XOR, 1, -1, -1, Form.BIG);
    byte[] data = "0.0.0(00098765)!\r\n".getBytes(StandardCharsets.US_ASCII);
    byte[] frame = new byte[data.length + 3];
    frame[0] = 2;
    int check = 3;
    for (int i = 0; i < data.length; i++) {
      frame[i + 1] = data[i];
      check ^= data[i];
    }
    frame[data.length + 1] = 3;
    frame[data.length + 2] = (byte) check;
    assertThat(bcc.fault(frame)).isEmpty();
    frame[data.length + 1] = 4;
    assertThat(bcc.fault(frame)).isNotEmpty();
  }

  @Test
  void aFrameThatIsTooShortIsTold() {
    assertThat(NMEA.fault(text("$*4"))).startsWith("too short");
    assertThat(NMEA.fault(new byte[0])).startsWith("too short");
    assertThat(new Checksum(Algorithm.XOR, 6, 2, 0, Form.BIG).fault(new byte[8]))
        .startsWith("too short for what");
  }

  @Test
  void writesWhatItReads() {
    for (Algorithm algorithm : Algorithm.values()) {
      for (Form form : Form.values()) {
        Checksum checksum = new Checksum(algorithm, 0, 0, -width(algorithm, form), form);
        byte[] data = "123456789".getBytes(StandardCharsets.US_ASCII);
        byte[] written = checksum.written(data, 0, data.length);
        byte[] frame = new byte[data.length + written.length];
        System.arraycopy(data, 0, frame, 0, data.length);
        System.arraycopy(written, 0, frame, data.length, written.length);
        assertThat(written).hasSize(checksum.width());
        assertThat(checksum.fault(frame)).as(checksum.toString()).isEmpty();
        frame[0] ^= 0x40;
        assertThat(checksum.fault(frame)).as(checksum.toString()).isNotEmpty();
      }
    }
  }

  private static int width(Algorithm algorithm, Form form) {
    return new Checksum(algorithm, 0, 0, 0, form).width();
  }

  /** The sum of 123456789 is 0x01DD, 477. */
  @ParameterizedTest
  @CsvSource({
    "big, \\x01\\xDD",
    "little, \\xDD\\x01",
    "hex, 01DD",
    "hex-lower, 01dd",
    "hex-little, DD01",
    "decimal, 00477",
    "nibbles, 01=="
  })
  void hasTheFormsThatDevicesWrite(String form, String expected) {
    Checksum sum = new Checksum(Algorithm.SUM16, 0, 0, 9, Form.parse("checksum.form", form));
    byte[] data = "123456789".getBytes(StandardCharsets.US_ASCII);
    assertThat(Escapes.shown(sum.written(data, 0, 9))).isEqualTo(expected);
    assertThat(sum.fault(text("123456789" + expected))).isEmpty();
    assertThat(sum.fault(text("123456788" + expected))).startsWith("checksum ");
  }
}
