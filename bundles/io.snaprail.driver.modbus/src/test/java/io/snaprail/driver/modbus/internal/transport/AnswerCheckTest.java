package io.snaprail.driver.modbus.internal.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.snaprail.driver.modbus.internal.j2mod.ReadRequest;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AnswerCheckTest {
  private final PduRequest read = new ReadRequest(Table.HOLDING, 0, 1, "");

  @ParameterizedTest
  @CsvSource({
    "04020001,'answer with function 4, expected 3'",
    "84 02,'answer with function 132, expected 3'",
    "03,'answer of 1 byte, expected at least 2'",
    "830200,'malformed exception: 3 bytes, code 2'",
    "8300,'malformed exception: 2 bytes, code 0'",
    "03040001,'byte count 4, expected 2'",
  })
  void whatDoesNotAnswerTheRequestIsNamed(String answer, String fault) {
    assertThat(AnswerCheck.fault(read, bytes(answer))).isEqualTo(fault);
  }

  @Test
  void dataAndWellFormedExceptionsPass() {
    assertThat(AnswerCheck.fault(read, bytes("03020001"))).isNull();
    assertThat(AnswerCheck.fault(read, bytes("8302"))).isNull();
    assertThat(AnswerCheck.exceptionCode(bytes("03020001"))).isZero();
    assertThat(AnswerCheck.exceptionCode(bytes("8302"))).isEqualTo(2);
    assertThat(AnswerCheck.exceptionCode(bytes("83FF"))).isEqualTo(255);
  }

  @Test
  void exceptionsAreNamedInWords() {
    assertThat(ExceptionCode.text(2)).isEqualTo("exception 2 (illegal data address)");
    assertThat(ExceptionCode.text(99)).isEqualTo("exception 99 (not in the specification)");
    assertThat(ExceptionCode.unitAway(11)).isTrue();
    assertThat(ExceptionCode.unitAway(6)).isFalse();
  }

  private static byte[] bytes(String hex) {
    return HexFormat.of().parseHex(hex.replace(" ", ""));
  }
}
