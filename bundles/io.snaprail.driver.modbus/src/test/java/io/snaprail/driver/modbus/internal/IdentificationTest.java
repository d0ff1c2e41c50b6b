package io.snaprail.driver.modbus.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.snaprail.api.driver.Deadline;
import io.snaprail.api.driver.DriverException;
import io.snaprail.driver.modbus.TestConfig;
import io.snaprail.driver.modbus.internal.j2mod.IdentificationRequest;
import io.snaprail.driver.modbus.internal.transport.ModbusTransport;
import io.snaprail.driver.modbus.internal.transport.PduRequest;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Modbus Application Protocol V1.1b3, section 6.21. */
class IdentificationTest {
  private final List<String> requests = new ArrayList<>();
  private final Deque<String> answers = new ArrayDeque<>();

  @Test
  void whatTheDeviceSaysOfItselfIsReadToItsEnd() throws Exception {
    // function, type, code, conformity, more follows, next object, count, then number, length, text
    answers.add("2B 0E 02 82 FF 02 02 00 03 41 42 43 01 02 58 31");
    answers.add("2B 0E 02 82 00 00 02 02 04 56 31 2E 32 05 03 4D 20 00");

    assertThat(unit().identify(Deadline.in(Duration.ofSeconds(5))))
        .isEqualTo(Map.of(0, "ABC", 1, "X1", 2, "V1.2", 5, "M"));

    assertThat(requests).containsExactly("2b 0e 02 00", "2b 0e 02 02");
  }

  @Test
  void aDeviceThatDoesNotKnowTheFunctionRefuses() {
    answers.add("AB 01");

    assertThatThrownBy(() -> unit().identify(Deadline.in(Duration.ofSeconds(5))))
        .isInstanceOfSatisfying(
            DriverException.class, e -> assertThat(e.kind()).isEqualTo(DriverException.Kind.DEVICE))
        .hasMessage(
            "device unit 1: read the device identification: exception 1 (illegal function)");
  }

  @ParameterizedTest
  @CsvSource({
    "2B 0E 02 82 00 00,no device identification of the kind that was asked for",
    "2B 0D 02 82 00 00 00,no device identification of the kind that was asked for",
    "2B 0E 01 82 00 00 00,no device identification of the kind that was asked for",
    "2B 0E 02 82 01 00 00,follows' is 1",
    "2B 0E 02 82 FF 03 00,'more follows from object 3, which was given already'",
    "2B 0E 02 82 00 00 01 00 05 41,'10 bytes, where the lengths of the objects make 14'",
    "2B 0E 02 82 00 00 01 00 01 41 42,'11 bytes, where the lengths of the objects make 10'",
    "2B 0E 02 82 00 00 02 00 01 41,'10 bytes, where the lengths of the objects make 12'",
    "2B 0E 02 82 00 00 01 00,'8 bytes, where the lengths of the objects make 9'",
  })
  void anAnswerThatDoesNotAddUpIsRefused(String answer, String fault) {
    String found = new IdentificationRequest(3).fault(bytes(answer));

    assertThat(found).contains(fault.replaceAll("^'+|'+$", ""));
  }

  private ModbusUnit unit() {
    Map<String, Object> properties = TestConfig.properties("host", "h");
    return new ModbusUnit(
        new Device(), Settings.of(502, TestConfig.of(properties), properties).unit());
  }

  private static byte[] bytes(String hex) {
    return HexFormat.ofDelimiter(" ").parseHex(hex);
  }

  private final class Device implements ModbusTransport {
    @Override
    public String endpoint() {
      return "device";
    }

    @Override
    public byte[] exchange(int unit, PduRequest request, Deadline deadline) {
      requests.add(HexFormat.ofDelimiter(" ").formatHex(request.pdu()));
      byte[] answer = bytes(answers.remove());
      assertThat(answer.length == 2 ? null : request.fault(answer)).isNull();
      return answer;
    }

    @Override
    public void close() {
      throw new AssertionError("an answer closes nothing");
    }
  }
}
