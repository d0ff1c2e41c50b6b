package io.snaprail.driver.modbus.internal.ascii;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.snaprail.api.driver.Deadline;
import io.snaprail.driver.modbus.internal.j2mod.ReadRequest;
import io.snaprail.driver.modbus.internal.transport.ChecksumException;
import io.snaprail.driver.modbus.internal.transport.InputBuffer;
import io.snaprail.driver.modbus.internal.transport.Table;
import io.snaprail.driver.modbus.internal.transport.WrongAnswerException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AsciiFrameTest {
  private static final AsciiFrame FRAMING = new AsciiFrame();
  private static final ReadRequest READ =
      new ReadRequest(Table.HOLDING, 0x6b, 3, "read holding 107..109");

  /** The published request, and its answer. */
  @Test
  void framesAreWrittenAndRead() throws IOException {
    assertThat(FRAMING.frame(17, READ.pdu())).asString().isEqualTo(":1103006B00037E\r\n");
    for (int cut : new int[] {1, 2, 7, 100}) {
      assertThat(READ.values(read(":110306AE4156524340CC\r\n", cut)))
          .containsExactly(0xae41, 0x5652, 0x4340);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "':110306AE415652434048',false,'LRC 48, expected CC'",
    "':120306AE4156524340CB',true,'an answer in the name of unit 18, expected unit 17'",
    "'110306AE4156524340CC',true,'an answer that does not begin with a colon'",
    "':110306AE4156524340C',true,'an answer that is not in hexadecimal digits'",
    "':110306AE4156524340G9',true,'an answer that is not in hexadecimal digits'",
    "':1103EC',true,'an answer of 3 bytes'",
    "':',true,'an answer of 0 bytes'",
  })
  void whatIsWrongIsNamed(String line, boolean intact, String message) {
    assertThatExceptionOfType(intact ? WrongAnswerException.class : ChecksumException.class)
        .isThrownBy(() -> read(line + "\r\n", 100))
        .withMessage(message);
  }

  @Test
  void aLineWithoutEndIsGivenUp() {
    assertThatExceptionOfType(WrongAnswerException.class)
        .isThrownBy(() -> read(":" + "00".repeat(300), 100))
        .withMessage("an answer without end, expected at most 513 characters");
    assertThatExceptionOfType(WrongAnswerException.class)
        .isThrownBy(() -> read(":110306AE4156524340CC\n", 100))
        .withMessage("an answer that does not end with CR LF");
  }

  /** Only declared exceptions escape. */
  @Test
  void noiseIsNeverTakenForAnAnswer() {
    Random random = new Random(7);
    String characters = ":0123456789ABCDEF\r\n";
    for (int i = 0; i < 20_000; i++) {
      StringBuilder noise = new StringBuilder(":11");
      for (int n = random.nextInt(40); n > 0; n--) {
        noise.append(characters.charAt(random.nextInt(characters.length())));
      }
      assertThatExceptionOfType(IOException.class)
          .isThrownBy(() -> read(noise + "\r\n", 100))
          .isInstanceOfAny(WrongAnswerException.class, SocketTimeoutException.class);
    }
  }

  private static byte[] read(String line, int atOnce) throws IOException {
    ByteArrayInputStream in = new ByteArrayInputStream(line.getBytes(StandardCharsets.US_ASCII));
    InputBuffer input =
        new InputBuffer(
            (into, offset, length, deadline) -> {
              int read = in.read(into, offset, Math.min(length, atOnce));
              if (read < 0) {
                throw new SocketTimeoutException();
              }
              return read;
            },
            2 * FRAMING.longest());
    return FRAMING.answer(input, 17, READ, Deadline.in(Duration.ofSeconds(10)));
  }
}
