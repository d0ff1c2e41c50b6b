package io.snaprail.driver.modbus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.snaprail.api.driver.Deadline;
import io.snaprail.api.driver.DriverException;
import io.snaprail.api.driver.ReadPlan;
import io.snaprail.api.model.Access;
import io.snaprail.api.model.PointDefinition;
import io.snaprail.api.model.Value;
import io.snaprail.testkit.RecordingSink;
import io.snaprail.testkit.TestPoints;
import io.snaprail.testkit.modbus.Area;
import io.snaprail.testkit.modbus.Behaviour;
import io.snaprail.testkit.modbus.HostileModbusServer;
import io.snaprail.testkit.modbus.Request;
import java.time.Duration;
import java.util.HexFormat;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ModbusTcpDeviceTest {
  private HostileModbusServer server;
  private String endpoint;
  private Driver driver;

  @BeforeEach
  void start() throws Exception {
    server = HostileModbusServer.start();
    server.unit(1);
    endpoint = server.host() + ":" + server.port();
    driver = new Driver();
  }

  @AfterEach
  void stop() {
    driver.close();
    server.close();
  }

  @Test
  void everyTableAndTypeIsRead() throws Exception {
    server
        .unit(1)
        .set(Area.HOLDING, 100, 0xfffe, 0xae41, 0x5652, 0x0fdb, 0x4049)
        .set(Area.INPUT, 7, 0x8000)
        .set(Area.COIL, 3, 1)
        .set(Area.DISCRETE, 9, 1);
    ModbusTcpDevice device = driver.device(server, 1);

    RecordingSink sink =
        Driver.read(
            Driver.plan(
                device,
                TestPoints.readable("a", "holding:100", "int16"),
                TestPoints.readable("b", "40102", "uint32"),
                TestPoints.of("c", "holding:0x67", "float32", "CDAB", Access.READ),
                TestPoints.readable("d", "input:7.15", "bool"),
                TestPoints.readable("e", "coil:3", "bool"),
                TestPoints.readable("f", "coil:4", "bool"),
                TestPoints.readable("g", "discrete:9", "bool")));

    assertThat(sink.value(0)).isEqualTo(new Value.Int(-2));
    assertThat(sink.value(1)).isEqualTo(new Value.Int(2_923_517_522L));
    assertThat(sink.value(2)).isEqualTo(new Value.Float32(3.1415927f));
    assertThat(sink.value(3)).isEqualTo(new Value.Bool(true));
    assertThat(sink.value(4)).isEqualTo(new Value.Bool(true));
    assertThat(sink.value(5)).isEqualTo(new Value.Bool(false));
    assertThat(sink.value(6)).isEqualTo(new Value.Bool(true));
    assertThat(server.requests())
        .extracting(Request::function)
        .containsExactlyInAnyOrder(3, 4, 1, 2);
  }

  /** zero.based = false: holding:100 is wire address 99, and messages count as the map does. */
  @Test
  void oneBasedAddressesAreOneLowerOnTheWire() throws Exception {
    server.unit(1).set(Area.HOLDING, 99, 42).forbid(Area.HOLDING, 199, 199);
    ModbusTcpDevice device =
        driver.device("host", server.host(), "port", server.port(), "zero.based", false);

    RecordingSink sink =
        Driver.read(
            Driver.plan(
                device,
                TestPoints.readable("a", "holding:100", "int16"),
                TestPoints.readable("b", "holding:200", "int16")));

    assertThat(sink.value(0)).isEqualTo(new Value.Int(42));
    assertThat(sink.reason(1))
        .isEqualTo(
            "exception 2 (illegal data address) from unit 1 at holding 200; tried again in 60 s");
  }

  /** An exception is about one register: not even the rest of its block is spoiled. */
  @Test
  void anExceptionSpoilsItsOwnPointOnly() throws Exception {
    server.unit(1).set(Area.HOLDING, 0, 5).forbid(Area.HOLDING, 105, 105);
    server.unit(1).set(Area.HOLDING, 100, 7).set(Area.HOLDING, 108, 0, 8).set(Area.HOLDING, 500, 6);
    ModbusTcpDevice device = driver.device(server, 1);

    RecordingSink sink =
        Driver.read(
            Driver.plan(
                device,
                TestPoints.readable("a", "holding:0", "int16"),
                TestPoints.readable("b", "holding:100", "int16"),
                TestPoints.readable("c", "holding:104", "int32"),
                TestPoints.readable("d", "holding:108", "int32"),
                TestPoints.readable("e", "holding:500", "int16")));

    assertThat(sink.value(0)).isEqualTo(new Value.Int(5));
    assertThat(sink.value(1)).isEqualTo(new Value.Int(7));
    assertThat(sink.reason(2))
        .isEqualTo(
            "exception 2 (illegal data address) from unit 1 at holding 104..105; tried again in"
                + " 60 s");
    assertThat(sink.value(3)).isEqualTo(new Value.Int(8));
    assertThat(sink.value(4)).isEqualTo(new Value.Int(6));
    assertThat(server.accepted()).as("an exception closes no connection").isEqualTo(1);
  }

  /** A gateway that says its unit is away speaks for the whole device, not for one block. */
  @Test
  void aUnitThatItsGatewayCannotReachIsAway() {
    ModbusTcpDevice device = driver.device(server, 77);
    ReadPlan plan =
        Driver.plan(
            device,
            TestPoints.readable("a", "holding:0", "int16"),
            TestPoints.readable("b", "holding:1000", "int16"));

    DriverException failure = Driver.readFails(plan);

    assertThat(failure.kind()).isEqualTo(DriverException.Kind.TRANSIENT);
    assertThat(failure)
        .hasMessage(
            endpoint
                + ": exception 11 (gateway target device failed to respond) from unit 77 at"
                + " holding 0");
    assertThat(server.received()).as("the bus is not held up by more requests").isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource({
    "coil:5,bool,'',1,05 00 05 FF 00,false",
    "coil:5,bool,'',0,05 00 05 00 00,false",
    "coil:5,bool,'',1,0F 00 05 00 01 01 01,true",
    "holding:256,int16,'',-2,06 01 00 FF FE,false",
    "holding:256,uint16,BA,1,06 01 00 01 00,false",
    "holding:256,uint16,'',7,10 01 00 00 01 02 00 07,true",
    "holding:256,int32,'',-2,10 01 00 00 02 04 FF FF FF FE,false",
    "holding:256,uint32,CDAB,1,10 01 00 00 02 04 00 01 00 00,false",
    "holding:256,float32,'',1,10 01 00 00 02 04 3F 80 00 00,false",
    "holding:256,float16,'',1,06 01 00 3C 00,false",
    "holding:256,int64,'',-2,10 01 00 00 04 08 FF FF FF FF FF FF FF FE,false",
  })
  void aWriteUsesTheFunctionForItsWidth(
      String address, String type, String order, long value, String pdu, boolean multiple)
      throws Exception {
    ModbusTcpDevice device =
        driver.device("host", server.host(), "port", server.port(), "write.multiple", multiple);

    device.write(point(address, type, order), new Value.Int(value), deadline());

    assertThat(server.requests()).hasSize(1);
    assertThat(HexFormat.ofDelimiter(" ").withUpperCase().formatHex(server.requests().get(0).pdu()))
        .isEqualTo(pdu);
  }

  /** 6.16 (22, mask write): what belongs to other points of the register stays as it is. */
  @ParameterizedTest
  @CsvSource({
    "holding:256.3,bool,'',1,16 01 00 FF F7 00 08",
    "holding:256.3,bool,'',0,16 01 00 FF F7 00 00",
    "holding:256.3,bool,BA,1,16 01 00 F7 FF 08 00",
    "holding:256.h,uint8,'',255,16 01 00 00 FF FF 00",
    "holding:256,int8,'',-1,16 01 00 FF 00 00 FF",
    "holding:256,bits(4..7),'',9,16 01 00 FF 0F 00 90",
  })
  void partOfARegisterIsWrittenWithAMask(
      String address, String type, String order, long value, String pdu) throws Exception {
    ModbusTcpDevice device = driver.device(server, 1);
    server.always(x -> x.send(echo(x.request())));

    device.write(point(address, type, order), new Value.Int(value), deadline());

    assertThat(server.requests()).hasSize(1);
    assertThat(HexFormat.ofDelimiter(" ").withUpperCase().formatHex(server.requests().get(0).pdu()))
        .isEqualTo(pdu);
  }

  /** Reading, changing and writing the whole register instead would undo what others write. */
  @Test
  void aDeviceWithoutMaskWriteSaysSoAndIsNotWrittenOtherwise() {
    ModbusTcpDevice device = driver.device(server, 1);
    server.always(Behaviour.exception(1));

    DriverException failure =
        failure(
            () -> device.write(point("holding:10.3", "bool", ""), new Value.Int(1), deadline()));

    assertThat(failure.kind()).isEqualTo(DriverException.Kind.DEVICE);
    assertThat(failure)
        .hasMessage(
            endpoint
                + " unit 1: write holding 10: exception 1 (illegal function): the device cannot"
                + " write part of a register (function 22): let the point be the whole register,"
                + " as uint16");
    assertThat(server.received()).isEqualTo(1);
  }

  private static byte[] echo(Request request) {
    byte[] pdu = request.pdu();
    byte[] frame = new byte[7 + pdu.length];
    frame[0] = (byte) (request.transaction() >> 8);
    frame[1] = (byte) request.transaction();
    frame[5] = (byte) (1 + pdu.length);
    frame[6] = (byte) request.unit();
    System.arraycopy(pdu, 0, frame, 7, pdu.length);
    return frame;
  }

  @Test
  void aWriteThatTheDeviceRefusesIsTheDevicesFault() {
    server.unit(1).forbid(Area.HOLDING, 10, 10);
    ModbusTcpDevice device = driver.device(server, 1);

    DriverException failure =
        failure(() -> device.write(point("holding:10", "int16", ""), new Value.Int(1), deadline()));

    assertThat(failure.kind()).isEqualTo(DriverException.Kind.DEVICE);
    assertThat(failure)
        .hasMessage(endpoint + " unit 1: write holding 10: exception 2 (illegal data address)");
  }

  @Test
  void aWriteThatIsConfirmedForSomethingElseIsNotConfirmed() {
    ModbusTcpDevice device = driver.device(server, 1);
    server.next(
        x ->
            x.send(
                HexFormat.of()
                    .parseHex("%04x000000060106000a0002".formatted(x.request().transaction()))));

    DriverException failure =
        failure(() -> device.write(point("holding:10", "int16", ""), new Value.Int(1), deadline()));

    assertThat(failure.kind()).isEqualTo(DriverException.Kind.PROTOCOL);
    assertThat(failure.sent()).isTrue();
    assertThat(failure)
        .hasMessage(
            endpoint
                + " unit 1: wrong answer to write holding 10: confirmation 06 00 0a 00 02, expected"
                + " 06 00 0a 00 01");
  }

  @Test
  void aValueThatDoesNotFitIsNamedWithItsPointAndRange() {
    ModbusTcpDevice device = driver.device(server, 1);

    DriverException failure =
        failure(
            () ->
                device.write(point("holding:10", "uint16", ""), new Value.Int(70_000), deadline()));

    assertThat(failure.kind()).isEqualTo(DriverException.Kind.CONFIGURATION);
    assertThat(failure).hasMessage("point 'p': uint16 takes a whole number 0..65535, found 70000");
  }

  @Test
  void messagesNameEndpointOperationAndWhatCame() throws Exception {
    ModbusTcpDevice device = driver.device(server, 1);
    ReadPlan plan =
        Driver.plan(
            device,
            TestPoints.readable("a", "holding:100", "int16"),
            TestPoints.readable("b", "holding:108", "int32"));

    server.next(Behaviour.silence());
    assertThat(Driver.readFails(plan, Duration.ofMillis(50)))
        .hasMessage(endpoint + " unit 1: no complete answer to read holding 100..109 in time");
    server.next(Behaviour.wrongUnit());
    assertThat(Driver.readFails(plan))
        .hasMessage(
            endpoint
                + " unit 1: wrong answer to read holding 100..109: an answer in the name of unit 2,"
                + " expected unit 1");
    server.next(Behaviour.closedMidAnswer());
    assertThat(Driver.readFails(plan))
        .hasMessage(
            endpoint
                + " unit 1: no answer to read holding 100..109: the device closed the connection");
    server.vanish();
    assertThat(Driver.readFails(plan))
        .hasMessage(
            "cannot connect to "
                + endpoint
                + ": connection refused: nothing listens there, or the device takes no further"
                + " connection");
  }

  @Test
  void anUnknownHostIsNamed() {
    ModbusTcpDevice device = driver.device("host", "no-such-host.invalid");
    ReadPlan plan = Driver.plan(device, TestPoints.readable("a", "holding:0", "int16"));

    DriverException failure = Driver.readFails(plan);

    assertThat(failure.kind()).isEqualTo(DriverException.Kind.TRANSIENT);
    assertThat(failure.sent()).isFalse();
    assertThat(failure)
        .hasMessage("cannot connect to no-such-host.invalid:502: the host name is not known");
  }

  @Test
  void wrongSettingsAreToldWhenTheDeviceIsAskedForItsBus() {
    ModbusTcpDevice device = driver.device("host", "h", "unit", 300);
    assertThatIllegalArgumentException()
        .isThrownBy(device::bus)
        .withMessage("unit: expected 0..255, found 300");
    device.deactivate();
  }

  @ParameterizedTest
  @CsvSource({"PLC,502,tcp:plc:502", "10.0.0.5,1502,tcp:10.0.0.5:1502", "::1,502,tcp:[::1]:502"})
  void theBusIsHostAndPort(String host, int port, String bus) {
    assertThat(driver.device("host", host, "port", port).bus()).isEqualTo(bus);
  }

  private static PointDefinition point(String address, String type, String order) {
    return TestPoints.of("p", address, type, order, Access.READ_WRITE);
  }

  private static Deadline deadline() {
    return Deadline.in(Driver.AMPLE);
  }

  private static DriverException failure(ThrowingCallable call) {
    DriverException failure = catchThrowableOfType(DriverException.class, call);
    assertThat(failure).as("a failure was expected").isNotNull();
    return failure;
  }
}
