package io.snaprail.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.snaprail.api.driver.Deadline;
import io.snaprail.driver.modbus.internal.ascii.AsciiFrame;
import io.snaprail.driver.modbus.internal.rtu.RtuFrame;
import io.snaprail.driver.modbus.internal.transport.Framing;
import io.snaprail.driver.modbus.internal.transport.InputBuffer;
import io.snaprail.driver.modbus.internal.transport.PduRequest;
import java.io.EOFException;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;

/**
 * Whatever comes over a serial line: an answer is taken exactly when the specification says that it
 * is one, and anything else ends in a declared exception.
 *
 * <p>An input is: which request; how it is framed (even: as it stands; odd: in a right frame, so
 * that what lies behind the checksum is reached); how the bytes trickle; then the bytes.
 */
class FramesFuzzTest {
  private static final int UNIT = 17;

  @FuzzTest
  void rtu(byte[] input) {
    if (input.length < 3) {
      return;
    }
    PduRequest request = Requests.of(input[0]);
    byte[] bytes = Arrays.copyOfRange(input, 3, input.length);
    byte[] stream = input[1] % 2 == 0 ? bytes : Reference.rtuFrame(UNIT, bytes);

    assertThat(answer(new RtuFrame(), request, stream, input[2]))
        .isEqualTo(Reference.rtu(stream, UNIT, request.pdu()));
  }

  @FuzzTest
  void ascii(byte[] input) {
    if (input.length < 3) {
      return;
    }
    PduRequest request = Requests.of(input[0]);
    byte[] bytes = Arrays.copyOfRange(input, 3, input.length);
    byte[] stream = input[1] % 2 == 0 ? bytes : Reference.asciiFrame(UNIT, bytes);

    assertThat(answer(new AsciiFrame(), request, stream, input[2]))
        .isEqualTo(Reference.ascii(stream, UNIT, request.pdu()));
  }

  /** The answer that is taken; null when it is refused. */
  private static byte[] answer(Framing framing, PduRequest request, byte[] stream, int trickle) {
    Trickle source = new Trickle(stream, 1 + (trickle & 0x3f), 2 * framing.longest());
    InputBuffer buffer = new InputBuffer(source::read, 2 * framing.longest());
    try {
      return framing.answer(buffer, UNIT, request, Deadline.in(Duration.ofMinutes(1)));
    } catch (IOException e) {
      assertThat(e instanceof EOFException || !e.getMessage().isEmpty()).isTrue();
      return null;
    }
  }

  /** A line that gives a few bytes at a time and then ends. */
  private static final class Trickle {
    private final byte[] stream;
    private final int most;
    private final int bound;
    private int at;

    Trickle(byte[] stream, int most, int bound) {
      this.stream = stream;
      this.most = most;
      this.bound = bound;
    }

    int read(byte[] into, int offset, int length, Deadline deadline) throws IOException {
      assertThat(length).isBetween(1, bound);
      if (at == stream.length) {
        throw new EOFException();
      }
      int count = Math.min(Math.min(most, length), stream.length - at);
      System.arraycopy(stream, at, into, offset, count);
      at += count;
      return count;
    }
  }
}
