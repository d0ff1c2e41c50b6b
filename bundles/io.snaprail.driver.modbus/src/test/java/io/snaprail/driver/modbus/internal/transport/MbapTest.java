package io.snaprail.driver.modbus.internal.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The header of Modbus Messaging on TCP/IP V1.0b, section 3.1.3. */
class MbapTest {
  @ParameterizedTest
  @ValueSource(ints = {2, 3, 254})
  void everyLengthOfAnAnswerIsTaken(int length) throws Exception {
    assertThat(Mbap.checkedLength(0, length)).isEqualTo(length);
  }

  /** Unit and function at least; unit and the longest protocol data unit, 253 bytes, at most. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 255, 256, 65_535})
  void noOtherLengthIsWaitedFor(int length) {
    assertThatThrownBy(() -> Mbap.checkedLength(0, length))
        .isInstanceOf(WrongAnswerException.class)
        .hasMessage("length %d in the header, expected 2..254", length);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 7, 65_535})
  void anotherProtocolIsRefused(int protocol) {
    assertThatThrownBy(() -> Mbap.checkedLength(protocol, 5))
        .isInstanceOf(WrongAnswerException.class)
        .hasMessage("protocol identifier %d, expected 0", protocol);
  }

  @ParameterizedTest
  @CsvSource({
    "8,1,an answer with the transaction identifier of another request",
    "6,1,an answer with the transaction identifier of another request",
    "7,2,'an answer in the name of unit 2, expected unit 1'",
  })
  void anAnswerToAnotherIsRefused(int transaction, int unit, String message) throws Exception {
    Mbap.checkOwner(7, 1, 7, 1);

    assertThatThrownBy(() -> Mbap.checkOwner(7, 1, transaction, unit))
        .isInstanceOf(WrongAnswerException.class)
        .hasMessage(message);
  }
}
