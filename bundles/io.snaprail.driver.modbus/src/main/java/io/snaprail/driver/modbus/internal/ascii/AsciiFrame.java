package io.snaprail.driver.modbus.internal.ascii;

import io.snaprail.api.driver.Deadline;
import io.snaprail.driver.modbus.internal.transport.AnswerCheck;
import io.snaprail.driver.modbus.internal.transport.ChecksumException;
import io.snaprail.driver.modbus.internal.transport.Framing;
import io.snaprail.driver.modbus.internal.transport.InputBuffer;
import io.snaprail.driver.modbus.internal.transport.Mbap;
import io.snaprail.driver.modbus.internal.transport.PduRequest;
import io.snaprail.driver.modbus.internal.transport.WrongAnswerException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/**
 * ASCII frames: a colon, then unit, protocol data unit and checksum in hexadecimal digits, then CR
 * and LF (Modbus over Serial Line V1.02, section 2.5.2).
 */
public final class AsciiFrame implements Framing {
  /** Longest frame in characters. */
  private static final int MAX = 1 + 2 * (1 + AnswerCheck.MAX_PDU + 1) + 2;

  /** Unit, function, one byte, checksum. */
  private static final int SHORTEST_BYTES = 4;

  private static final HexFormat HEX = HexFormat.of().withUpperCase();

  @Override
  public int longest() {
    return MAX;
  }

  @Override
  public byte[] frame(int unit, byte[] pdu) {
    byte[] bytes = new byte[1 + pdu.length + 1];
    bytes[0] = (byte) unit;
    System.arraycopy(pdu, 0, bytes, 1, pdu.length);
    bytes[bytes.length - 1] = (byte) checksum(bytes, bytes.length - 1);
    return (":" + HEX.formatHex(bytes) + "\r\n").getBytes(StandardCharsets.US_ASCII);
  }

  @Override
  public byte[] answer(InputBuffer input, int unit, PduRequest request, Deadline deadline)
      throws IOException {
    byte[] bytes = opened(bytes(line(input, deadline)));
    Mbap.checkUnit(unit, bytes[0] & 0xff);
    return AnswerCheck.checked(request, Arrays.copyOfRange(bytes, 1, bytes.length));
  }

  @Override
  public List<byte[]> frames(byte[] bytes) {
    String text = new String(bytes, StandardCharsets.ISO_8859_1);
    List<byte[]> frames = new ArrayList<>();
    try {
      for (String line : text.split("(?<=\n)")) {
        WrongAnswerException.unless(line.startsWith(":") && line.endsWith("\r\n"), "no frame");
        frames.add(opened(bytes(line.substring(1, line.length() - 2))));
      }
      return frames;
    } catch (WrongAnswerException damaged) {
      return List.of();
    }
  }

  /** Without the checksum, which is right. */
  private static byte[] opened(byte[] bytes) throws ChecksumException {
    int last = bytes.length - 1;
    int found = bytes[last] & 0xff;
    int expected = checksum(bytes, last);
    if (found != expected) {
      throw new ChecksumException("LRC %02X, expected %02X".formatted(found, expected));
    }
    return Arrays.copyOf(bytes, last);
  }

  @Override
  public boolean begins(byte[] bytes, int unit, int function) {
    String head = new String(bytes, StandardCharsets.ISO_8859_1);
    String data = HEX.formatHex(new byte[] {(byte) unit, (byte) function});
    String refusal = HEX.formatHex(new byte[] {(byte) unit, (byte) (function | 0x80)});
    return head.startsWith(":" + data) || head.startsWith(":" + refusal);
  }

  private static String line(InputBuffer input, Deadline deadline) throws IOException {
    input.fill(1, deadline);
    WrongAnswerException.unless(
        input.octet(0) == ':', "an answer that does not begin with a colon");
    int length = 1;
    do {
      WrongAnswerException.unless(
          length < MAX, "an answer without end, expected at most " + MAX + " characters");
      length++;
      input.fill(length, deadline);
    } while (input.octet(length - 1) != '\n');
    String line = new String(input.take(length), StandardCharsets.ISO_8859_1);
    WrongAnswerException.unless(line.endsWith("\r\n"), "an answer that does not end with CR LF");
    return line.substring(1, length - 2);
  }

  private static byte[] bytes(String digits) throws WrongAnswerException {
    try {
      byte[] bytes = HEX.parseHex(digits);
      WrongAnswerException.unless(
          bytes.length >= SHORTEST_BYTES, "an answer of " + bytes.length + " bytes");
      return bytes;
    } catch (IllegalArgumentException e) {
      throw (WrongAnswerException)
          new WrongAnswerException("an answer that is not in hexadecimal digits").initCause(e);
    }
  }

  /** The longitudinal redundancy check of section 6.2.1: what makes the sum 0. */
  private static int checksum(byte[] bytes, int count) {
    int sum = 0;
    for (int i = 0; i < count; i++) {
      sum += bytes[i];
    }
    return -sum & 0xff;
  }
}
