package io.snaprail.driver.modbus.internal.rtu;

import io.snaprail.api.driver.Deadline;
import io.snaprail.driver.modbus.internal.transport.AnswerCheck;
import io.snaprail.driver.modbus.internal.transport.ChecksumException;
import io.snaprail.driver.modbus.internal.transport.Framing;
import io.snaprail.driver.modbus.internal.transport.InputBuffer;
import io.snaprail.driver.modbus.internal.transport.Mbap;
import io.snaprail.driver.modbus.internal.transport.PduRequest;
import io.snaprail.driver.modbus.internal.transport.WrongAnswerException;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * RTU frames: unit, protocol data unit, checksum (Modbus over Serial Line V1.02, section 2.5.1).
 * The same on a serial line and on a TCP connection: where a frame ends is told by its content, not
 * by a silence, which no network keeps.
 */
public final class RtuFrame implements Framing {
  /** Longest frame in bytes. */
  static final int MAX = 1 + AnswerCheck.MAX_PDU + RtuLength.CRC;

  /** Why nobody could tell where the answer to such a request ends; null when one can. */
  public static @Nullable String unanswerable(byte[] pdu) {
    return RtuLength.unknownAnswer(pdu);
  }

  @Override
  public int longest() {
    return MAX;
  }

  @Override
  public byte[] frame(int unit, byte[] pdu) {
    byte[] frame = new byte[1 + pdu.length + RtuLength.CRC];
    frame[0] = (byte) unit;
    System.arraycopy(pdu, 0, frame, 1, pdu.length);
    int crc = Crc16.of(frame, 1 + pdu.length);
    frame[frame.length - 2] = (byte) crc;
    frame[frame.length - 1] = (byte) (crc >> 8);
    return frame;
  }

  @Override
  public byte[] answer(InputBuffer input, int unit, PduRequest request, Deadline deadline)
      throws IOException {
    input.fill(RtuLength.HEAD, deadline);
    checkHead(input, unit, request);
    byte[] frame = next(input, deadline);
    return AnswerCheck.checked(request, Arrays.copyOfRange(frame, 1, frame.length));
  }

  /** The next frame without its checksum, which is right. */
  private static byte[] next(InputBuffer input, Deadline deadline) throws IOException {
    int known = RtuLength.HEAD;
    input.fill(known, deadline);
    int wanted = RtuLength.atLeast(input, known);
    while (wanted > known) {
      WrongAnswerException.unless(
          wanted <= MAX, "an answer of at least " + wanted + " bytes, expected at most " + MAX);
      known = wanted;
      input.fill(known, deadline);
      wanted = RtuLength.atLeast(input, known);
    }
    byte[] frame = input.take(known);
    int length = frame.length - RtuLength.CRC;
    int found = (frame[length] & 0xff) | (frame[length + 1] & 0xff) << 8;
    int expected = Crc16.of(frame, length);
    if (found != expected) {
      throw new ChecksumException("CRC %04X, expected %04X".formatted(found, expected));
    }
    return Arrays.copyOf(frame, length);
  }

  @Override
  public List<byte[]> frames(byte[] bytes) {
    ByteBuffer left = ByteBuffer.wrap(bytes);
    InputBuffer input =
        new InputBuffer((into, at, most, d) -> given(left, into, at, most), 2 * MAX);
    List<byte[]> frames = new ArrayList<>();
    Deadline none = Deadline.in(Duration.ZERO);
    try {
      while (left.hasRemaining() || !input.isEmpty()) {
        frames.add(next(input, none));
      }
      return frames;
    } catch (IOException damaged) {
      return List.of();
    }
  }

  private static int given(ByteBuffer left, byte[] into, int offset, int most) throws IOException {
    if (!left.hasRemaining()) {
      throw new EOFException();
    }
    int count = Math.min(most, left.remaining());
    left.get(into, offset, count);
    return count;
  }

  @Override
  public boolean begins(byte[] bytes, int unit, int function) {
    return bytes.length >= RtuLength.HEAD
        && (bytes[0] & 0xff) == unit
        && (bytes[1] & ~RtuLength.EXCEPTION_FLAG & 0xff) == function;
  }

  /** Another function would have another length: what comes then is not waited for. */
  private static void checkHead(InputBuffer input, int unit, PduRequest request)
      throws WrongAnswerException {
    Mbap.checkUnit(unit, input.octet(0));
    int expected = request.pdu()[0] & 0xff;
    int found = input.octet(1);
    WrongAnswerException.unless(
        (found & ~RtuLength.EXCEPTION_FLAG) == expected,
        "answer with function " + found + ", expected " + expected);
  }
}
