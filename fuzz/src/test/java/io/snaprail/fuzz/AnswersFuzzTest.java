package io.snaprail.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.snaprail.driver.modbus.internal.j2mod.IdentificationRequest;
import io.snaprail.driver.modbus.internal.j2mod.ReadRequest;
import io.snaprail.driver.modbus.internal.transport.AnswerCheck;
import io.snaprail.driver.modbus.internal.transport.PduRequest;
import java.util.Arrays;

/** What is taken for an answer, whatever the transport, and what is read out of it. */
class AnswersFuzzTest {
  /** An input is: which request; then function code and data of the answer. */
  @FuzzTest
  void answer(byte[] input) {
    if (input.length < 1) {
      return;
    }
    PduRequest request = Requests.of(input[0]);
    byte[] answer = Arrays.copyOfRange(input, 1, Math.min(input.length, 254));

    boolean taken = AnswerCheck.fault(request, answer) == null;

    assertThat(taken).isEqualTo(Reference.answers(request.pdu(), answer));
    if (taken && AnswerCheck.exceptionCode(answer) == 0) {
      assertContent(request, answer);
    }
  }

  private static void assertContent(PduRequest request, byte[] answer) {
    byte[] pdu = request.pdu();
    if (request instanceof ReadRequest read) {
      int[] values = read.values(answer);
      assertThat(values).hasSize(Reference.word(pdu, 3));
      for (int i = 0; i < values.length; i++) {
        int expected =
            pdu[0] <= 2
                ? Reference.u(answer, 2 + i / 8) >> i % 8 & 1
                : Reference.word(answer, 2 + 2 * i);
        assertThat(values[i]).isEqualTo(expected);
      }
    } else if (request instanceof IdentificationRequest identification) {
      assertThat(identification.objects(answer)).hasSizeLessThanOrEqualTo(answer[6] & 0xff);
      int next = identification.next(answer);
      assertThat(next).isEqualTo(answer[4] == 0 ? -1 : Reference.u(answer, 5));
      // Else reading the rest would never end.
      assertThat(next == -1 || next > (pdu[3] & 0xff)).isTrue();
    }
  }
}
