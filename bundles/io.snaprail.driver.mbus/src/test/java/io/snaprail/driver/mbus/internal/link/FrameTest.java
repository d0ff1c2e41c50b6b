package io.snaprail.driver.mbus.internal.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.snaprail.driver.mbus.Telegrams;
import org.junit.jupiter.api.Test;

/** Frames (EN 13757-2, format class FT 1.2). */
class FrameTest {
  private static Frame parsed(byte[] bytes) throws BrokenFrameException {
    int length = Frame.length(bytes, bytes.length);
    if (length != bytes.length) {
      throw new BrokenFrameException("expected " + length + " bytes, found " + bytes.length);
    }
    return Frame.parse(bytes, length);
  }

  /** Two lengths, a checksum and fixed bytes: no single wrong bit is taken. */
  @Test
  void aFrameWithAWrongBitIsRefused() throws Exception {
    byte[] good = Telegrams.bytes("EFE_Engelmann-WaterStar");
    assertThat(parsed(good)).isInstanceOf(Frame.Data.class);
    for (int i = 0; i < good.length; i++) {
      for (int bit = 0; bit < 8; bit++) {
        byte[] bad = good.clone();
        bad[i] ^= (byte) (1 << bit);
        assertThatThrownBy(() -> parsed(bad))
            .as("byte %d bit %d", i, bit)
            .isInstanceOf(BrokenFrameException.class)
            .hasMessageContaining("expected");
      }
    }
  }

  @Test
  void requestsAreFrames() {
    assertThat(Frame.request(0x40, 1)).containsExactly(0x10, 0x40, 0x01, 0x41, 0x16);
    // 68 0B 0B 68 73 FD 52 79 68 99 09 65 32 D8 07 BB 16, as a trace in
    // https://github.com/rscada/libmbus/issues/123 shows it.
    byte[] meter = new MeterAddress.Secondary("099968793265D807").bytes();
    assertThat(meter).containsExactly(0x79, 0x68, 0x99, 0x09, 0x65, 0x32, 0xd8, 0x07);
    assertThat(Frame.request(0x73, 0xfd, 0x52, meter))
        .startsWith(0x68, 0x0b, 0x0b, 0x68, 0x73, 0xfd, 0x52)
        .endsWith(0xbb, 0x16);
  }
}
