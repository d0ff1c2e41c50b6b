package io.snaprail.driver.modbus.internal.rtu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.snaprail.api.driver.Deadline;
import io.snaprail.driver.modbus.internal.transport.AnswerCheck;
import io.snaprail.driver.modbus.internal.transport.ByteSource;
import io.snaprail.driver.modbus.internal.transport.ChecksumException;
import io.snaprail.driver.modbus.internal.transport.InputBuffer;
import io.snaprail.driver.modbus.internal.transport.PduRequest;
import io.snaprail.driver.modbus.internal.transport.WrongAnswerException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RtuFrameTest {
  private static final RtuFrame FRAMING = new RtuFrame();
  private static final int UNIT = 17;

  @Test
  void aRequestIsUnitDataAndChecksum() {
    assertThat(FRAMING.frame(UNIT, hex("03006B0003"))).isEqualTo(hex("1103006B00037687"));
  }

  /** Answers of every function, however the bytes are cut, and not one byte more is taken. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "0103CD6B05",
        "0201AC",
        "0306AE4156524340",
        "0400",
        "0402000A",
        "0500ACFF00",
        "0600010003",
        "076D",
        "08000037FF",
        "0BFFFF0108",
        "0C0800000108012120 00",
        "0F00130 00A",
        "1000010002",
        "1103AAFF01",
        "140C0506 0DFE0020 0506 33CD0040",
        "1509060004000706AF04BE",
        "16000400F20025",
        "170C00FE0ACD00010003000D00FF",
        "180006000201B81284",
        "2B0E01010000030 0024142 0103434445 0200",
        "2B0E0101000000",
        "8302",
        "AB01",
      })
  void theEndOfAnAnswerIsFound(String digits) throws IOException {
    byte[] pdu = hex(digits);
    byte[] frame = FRAMING.frame(UNIT, pdu);
    byte[] line = HexFormat.of().parseHex(HexFormat.of().formatHex(frame) + "ff00ff");
    for (int cut = 1; cut <= line.length; cut++) {
      InputBuffer input = new InputBuffer(bytes(line, cut), 2 * RtuFrame.MAX);

      assertThat(FRAMING.answer(input, UNIT, asking(pdu[0] & 0x7f), soon())).isEqualTo(pdu);

      input.fill(3, soon());
      assertThat(input.take(3)).isEqualTo(hex("ff00ff"));
    }
  }

  @Test
  void everyDamagedBitIsNoticed() {
    byte[] frame = FRAMING.frame(UNIT, hex("0306AE4156524340"));
    for (int bit = 0; bit < 8 * frame.length; bit++) {
      byte[] damaged = frame.clone();
      damaged[bit / 8] ^= (byte) (1 << bit % 8);
      assertThatExceptionOfType(IOException.class)
          .as("bit %d", bit)
          .isThrownBy(() -> read(damaged));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "1103020001C587,'CRC 87C5, expected 47B8'",
    "1203020001,'an answer in the name of unit 18, expected unit 17'",
    "1104020001,'answer with function 4, expected 3'",
    "1184020001,'answer with function 132, expected 3'",
    "1103FF,'an answer of at least 260 bytes, expected at most 256'",
  })
  void whatIsWrongIsNamed(String line, String message) {
    assertThatExceptionOfType(WrongAnswerException.class)
        .isThrownBy(() -> read(hex(line)))
        .withMessage(message);
  }

  @Test
  void aWrongChecksumIsToldFromAWrongAnswer() {
    assertThatExceptionOfType(ChecksumException.class).isThrownBy(() -> read(hex("118302C135")));
  }

  /** Such an answer could only be delimited by silence, which no network keeps. */
  @ParameterizedTest
  @CsvSource({"65,1141", "43,112B0D0101000000"})
  void anAnswerOfUnknownLengthIsRefused(int function, String line) {
    assertThatExceptionOfType(WrongAnswerException.class)
        .isThrownBy(() -> read(hex(line), asking(function)))
        .withMessageContaining("function " + function)
        .withMessageContaining("is not known");
  }

  /** Only declared exceptions escape, and what is returned has its checksum. */
  @Test
  void noiseIsNeverTakenForAnAnswer() {
    Random random = new Random(16);
    int[] functions = {1, 3, 5, 7, 16, 22, 24, 43};
    for (int i = 0; i < 50_000; i++) {
      byte[] noise = new byte[random.nextInt(60)];
      random.nextBytes(noise);
      int function = functions[random.nextInt(functions.length)];
      if (noise.length > 1) {
        noise[0] = UNIT;
        noise[1] = (byte) function;
      }
      try {
        byte[] answer = read(noise, asking(function));
        byte[] frame = FRAMING.frame(UNIT, answer);
        assertThat(noise).startsWith(frame);
      } catch (IOException e) {
        assertThat(e).isInstanceOfAny(WrongAnswerException.class, SocketTimeoutException.class);
      }
    }
  }

  private static byte[] read(byte[] line) throws IOException {
    return read(line, asking(3));
  }

  private static byte[] read(byte[] line, PduRequest request) throws IOException {
    InputBuffer input = new InputBuffer(bytes(line, line.length + 1), 2 * RtuFrame.MAX);
    return FRAMING.answer(input, UNIT, request, soon());
  }

  private static Deadline soon() {
    return Deadline.in(Duration.ofSeconds(10));
  }

  /** So many bytes at a time, and then silence. */
  private static ByteSource bytes(byte[] line, int atOnce) {
    ByteArrayInputStream in = new ByteArrayInputStream(line);
    return (into, offset, length, deadline) -> {
      int read = in.read(into, offset, Math.min(length, atOnce));
      if (read < 0) {
        throw new SocketTimeoutException();
      }
      return read;
    };
  }

  private static byte[] hex(String digits) {
    return HexFormat.of().parseHex(digits.replace(" ", ""));
  }

  /** A request that takes whatever its own function answers, as {@link AnswerCheck} lets pass. */
  private static PduRequest asking(int function) {
    return new PduRequest() {
      @Override
      public byte[] pdu() {
        return new byte[] {(byte) function};
      }

      @Override
      public String operation() {
        return "ask";
      }

      @Override
      public @Nullable String fault(byte[] answer) {
        return null;
      }
    };
  }
}
