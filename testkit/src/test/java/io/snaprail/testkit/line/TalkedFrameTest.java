package io.snaprail.testkit.line;

import static org.assertj.core.api.Assertions.assertThat;

import io.snaprail.testkit.line.Terminal.Arrival;
import java.time.Duration;
import java.util.Arrays;
import java.util.zip.CRC32;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the simulator sends by itself is what is said of it. */
@Timeout(60)
class TalkedFrameTest {
  private LineSimulator line;
  private Terminal master;

  @BeforeEach
  void start() throws Exception {
    LineSimulator.require();
    line = LineSimulator.start(921_600);
    master = new Terminal(line.port());
  }

  @AfterEach
  void stop() {
    if (line != null) {
      line.close();
    }
  }

  private byte[] heard(int bytes, int waitMs) throws Exception {
    Arrival[] came = master.take(bytes, waitMs);
    byte[] octets = new byte[came.length];
    for (int i = 0; i < octets.length; i++) {
      octets[i] = (byte) came[i].octet();
    }
    return octets;
  }

  @ParameterizedTest
  @ValueSource(strings = {"line", "bytes"})
  void framesAreNumbered(String form) throws Exception {
    TalkedFrame frame = new TalkedFrame(form, 40, "crc32");
    line.talk(frame, Duration.ZERO, 20);
    byte[] all = heard(800, 2000);

    for (int n = 0; n < 20; n++) {
      byte[] one = Arrays.copyOfRange(all, 40 * n, 40 * (n + 1));
      assertThat(frame.number(one)).isEqualTo(n);
      one[12] ^= 1;
      assertThat(frame.number(one)).isEqualTo(-1);
    }
    assertThat(line.figures().talked()).isEqualTo(20);
    assertThat(line.hit()).isEmpty();
  }

  @Test
  void theChecksumIsThatOfTheBytesBefore() throws Exception {
    line.talk(new TalkedFrame("bytes", 40, "crc32"), Duration.ZERO, 1);
    byte[] frame = heard(40, 2000);
    CRC32 crc = new CRC32();
    crc.update(frame, 0, 36);
    int found = 0;
    for (int i = 36; i < 40; i++) {
      found = found << 8 | (frame[i] & 0xff);
    }
    assertThat(found).isEqualTo((int) crc.getValue());
  }

  @Test
  void framesThatAFaultHasHitAreNamed() throws Exception {
    TalkedFrame frame = new TalkedFrame("line", 40, "xor");
    line.faults(LineEnd.FAR, 0.005, 0, 0);
    line.talk(frame, Duration.ZERO, 100);
    byte[] all = heard(4000, 3000);

    assertThat(all).hasSize(4000);
    for (int n = 0; n < 100; n++) {
      boolean right = frame.number(Arrays.copyOfRange(all, 40 * n, 40 * (n + 1))) == n;
      // The last seven bytes hold nothing that was made of the number.
      if (!line.hit().contains(n)) {
        assertThat(right).isTrue();
      }
    }
    assertThat(line.hit()).hasSizeBetween(5, 40);
    line.hush();
  }
}
