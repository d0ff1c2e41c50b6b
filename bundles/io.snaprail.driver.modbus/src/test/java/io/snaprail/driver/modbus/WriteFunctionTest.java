package io.snaprail.driver.modbus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.snaprail.api.driver.Deadline;
import io.snaprail.api.driver.DriverException;
import io.snaprail.api.model.Access;
import io.snaprail.api.model.Value;
import io.snaprail.testkit.TestPoints;
import io.snaprail.testkit.modbus.Area;
import io.snaprail.testkit.modbus.Behaviour;
import io.snaprail.testkit.modbus.HostileModbusServer;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** By which functions values are written, and what function 23 finds out. */
class WriteFunctionTest {
  private final Driver driver = new Driver();
  private HostileModbusServer server;

  @BeforeEach
  void start() throws Exception {
    server = HostileModbusServer.start();
    server.unit(1);
  }

  @AfterEach
  void stop() {
    driver.close();
    server.close();
  }

  @ParameterizedTest
  @CsvSource({
    "auto,holding:10,uint16,06 00 0a 00 07",
    "auto,holding:10,uint32,10 00 0a 00 02 04 00 00 00 07",
    "multiple,holding:10,uint16,10 00 0a 00 01 02 00 07",
    "multiple,coil:3,bool,0f 00 03 00 01 01 01",
    "readwrite,holding:10,uint16,17 00 0a 00 01 00 0a 00 01 02 00 07",
    "READWRITE,holding:10,uint32,17 00 0a 00 02 00 0a 00 02 04 00 00 00 07",
    "readwrite,coil:3,bool,05 00 03 ff 00",
  })
  void aValueIsWrittenByTheFunctionThatIsSet(
      String function, String address, String type, String request) throws Exception {
    device("write.function", function)
        .write(
            TestPoints.writable("p", address, type),
            type.equals("bool") ? new Value.Bool(true) : new Value.Int(7),
            Deadline.in(Driver.AMPLE));

    assertThat(server.requests()).hasSize(1);
    assertThat(HexFormat.ofDelimiter(" ").formatHex(server.requests().get(0).pdu()))
        .isEqualTo(request);
  }

  /** Settings of before go on working; forms write the default of the new key beside them. */
  @Test
  void theOlderKeyGoesOnWorking() throws Exception {
    write(device("write.multiple", true), 7);
    write(device("write.multiple", true, "write.function", "auto"), 7);

    assertThat(server.requests()).allMatch(request -> request.pdu()[0] == 16).hasSize(2);
  }

  @Test
  void settingsThatContradictEachOtherAreRefused() {
    assertThatThrownBy(() -> device("write.multiple", true, "write.function", "readwrite").bus())
        .hasMessage(
            "write.multiple: expected false, as write.function is readwrite; found true. It is the"
                + " older form of write.function multiple: take it out");
    assertThatThrownBy(() -> device("write.function", "16").bus())
        .hasMessage("write.function: expected auto, multiple or readwrite, found '16'");
  }

  /** The device confirms, and does not do it: nothing but reading back tells. */
  @Test
  void aValueThatIsNotTakenIsFoundOut() {
    server.next(x -> x.send(x.frame(new byte[] {0x17, 4, 0, 0, 0, 5})));

    DriverException failure =
        failure(device("write.function", "readwrite"), "uint32", new Value.Int(0x12345678));

    assertThat(failure.kind()).isEqualTo(DriverException.Kind.DEVICE);
    assertThat(failure.sent()).isTrue();
    assertThat(failure)
        .hasMessage(
            "127.0.0.1:%d unit 1: write holding 10..11: wrote 305419896 (0x1234 5678), but the"
                + " device holds 5 (0x0000 0005) right after it: it has not taken the value",
            server.port());
  }

  /** Lies about what was read back: each is an answer to something else. */
  @ParameterizedTest
  @MethodSource
  void aWrongAnswerIsNotTakenForAConfirmation(Behaviour lie) throws Exception {
    ModbusTcpDevice device = device("write.function", "readwrite");
    server.next(lie);

    DriverException failure = failure(device, "uint32", new Value.Int(9));

    assertThat(failure.kind()).isEqualTo(DriverException.Kind.PROTOCOL);
    device.write(
        TestPoints.writable("p", "holding:10", "uint32"),
        new Value.Int(10),
        Deadline.in(Driver.AMPLE));
    assertThat(server.unit(1).get(Area.HOLDING, 11)).isEqualTo(10);
  }

  static List<Behaviour> aWrongAnswerIsNotTakenForAConfirmation() {
    return List.of(
        Behaviour.shortAnswer(),
        Behaviour.longAnswer(),
        Behaviour.longByteCount(),
        Behaviour.otherFunction(),
        Behaviour.wrongUnit(),
        Behaviour.transactionOffBy(1),
        // The echo of function 16.
        x -> x.send(x.frame(new byte[] {0x17, 0, 10, 0, 2})));
  }

  @Test
  void aRefusalIsARefusal() {
    server.next(Behaviour.exception(1));

    assertThat(failure(device("write.function", "readwrite"), "uint16", new Value.Int(1)))
        .hasMessage(
            "127.0.0.1:%d unit 1: write holding 10: exception 1 (illegal function): the device does"
                + " not know function 23: set write.function to auto",
            server.port());
  }

  /** 6.17: 121 registers, where function 16 takes 123. */
  @Test
  void whatIsTooLongForFunction23IsNamed() {
    ModbusTcpDevice device = device("write.function", "readwrite");

    assertThat(refusal(device, "string(242)")).isEmpty();
    assertThat(refusal(device, "string(244)"))
        .contains("takes 122 registers, but one write takes at most 121");
    assertThat(refusal(device("write.function", "auto"), "string(246)")).isEmpty();
  }

  private static String refusal(ModbusTcpDevice device, String type) {
    StringBuilder messages = new StringBuilder();
    device.checkWritable(
        List.of(TestPoints.of("p", "holding:0", type, "", Access.READ_WRITE)),
        (index, message) -> messages.append(message));
    return messages.toString();
  }

  private ModbusTcpDevice device(Object... more) {
    Object[] all = new Object[more.length + 6];
    System.arraycopy(
        new Object[] {"host", server.host(), "port", server.port(), "unit", 1}, 0, all, 0, 6);
    System.arraycopy(more, 0, all, 6, more.length);
    return driver.device(all);
  }

  private static void write(ModbusTcpDevice device, int value) throws DriverException {
    device.write(
        TestPoints.writable("p", "holding:10", "uint16"),
        new Value.Int(value),
        Deadline.in(Driver.AMPLE));
  }

  private static DriverException failure(ModbusTcpDevice device, String type, Value value) {
    DriverException failure =
        catchThrowableOfType(
            DriverException.class,
            () ->
                device.write(
                    TestPoints.writable("p", "holding:10", type),
                    value,
                    Deadline.in(Driver.AMPLE)));
    assertThat(failure).as("a failure was expected").isNotNull();
    return failure;
  }
}
