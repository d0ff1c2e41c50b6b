package io.snaprail.driver.modbus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.snaprail.api.driver.DriverException;
import io.snaprail.api.driver.Tool;
import io.snaprail.testkit.RecordingRun;
import io.snaprail.testkit.modbus.Area;
import io.snaprail.testkit.modbus.Behaviour;
import io.snaprail.testkit.modbus.HostileModbusServer;
import io.snaprail.testkit.modbus.RegisterImage;
import io.snaprail.testkit.modbus.Wire;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class ModbusToolsTest {
  private Driver driver;
  private ModbusTools tools;
  private HostileModbusServer server;
  private final RecordingRun run = new RecordingRun();

  @BeforeEach
  void start() throws Exception {
    driver = new Driver();
    tools = driver.tools();
    server = HostileModbusServer.start();
  }

  @AfterEach
  void stop() {
    driver.close();
    server.close();
  }

  private RecordingRun run(String tool, String... parameters) throws Exception {
    return run(server, Map.of(), tool, parameters);
  }

  private RecordingRun run(
      HostileModbusServer of, Map<String, Object> more, String tool, String... parameters)
      throws Exception {
    String pid = Driver.pid(of.wire());
    Map<String, Object> settings = new HashMap<>(more);
    settings.put("host", of.host());
    settings.put("port", (long) of.port());
    return Driver.use(tools, pid, tool, settings, run, parameters);
  }

  private static List<String> column(RecordingRun run, int index) {
    return run.rows().stream().map(row -> row.get(index)).toList();
  }

  @ParameterizedTest
  @EnumSource
  void aScanFindsTheUnitsThatAnswerOnEveryTransport(Wire wire) throws Exception {
    try (HostileModbusServer bus = HostileModbusServer.start(wire)) {
      bus.unit(3);
      bus.unit(17).forbid(Area.HOLDING, 0, 0);
      run(bus, Map.of(), "scan-units", "last", "20", "identify", "false");

      assertThat(column(run, 0)).containsExactly("3", "17");
      assertThat(column(run, 1)).containsExactly("ok", "exception 2 (illegal data address)");
      assertThat(run.progress()).isEqualTo("2 of 20 units answer");
      assertThat(bus.received()).isEqualTo(20);
    }
  }

  @Test
  void aUnitThatIsSilentCostsItsTimeoutAndTheScanGoesOn() throws Exception {
    server.unit(2);
    server.decide(r -> r.unit() == 2 ? Behaviour.honest() : Behaviour.silence());

    run("scan-units", "last", "3", "timeout", "50", "identify", "false");

    assertThat(column(run, 0)).containsExactly("2");
  }

  /** Two units with the same number talk at once: their answers are garbled, every time. */
  @Test
  void onALineDamagedAnswersAreToldAsSomethingThatAnswers() throws Exception {
    try (HostileModbusServer line = HostileModbusServer.start(Wire.RTU_OVER_TCP)) {
      line.unit(1);
      line.unit(2);
      line.decide(r -> r.unit() == 2 ? Behaviour.damaged() : Behaviour.honest());
      run(line, Map.of(), "scan-units", "last", "2", "identify", "false");

      assertThat(column(run, 1).get(0)).isEqualTo("ok");
      assertThat(column(run, 1).get(1))
          .startsWith("something answers, but not rightly:")
          .contains("CRC")
          .contains("two units with this number?");
    }
  }

  @Test
  void noiseInOneAnswerIsNotTakenForTwoUnits() throws Exception {
    server.unit(1);
    server.next(Behaviour.wrongUnit());

    run("scan-units", "last", "1", "identify", "false");

    assertThat(column(run, 1)).containsExactly("ok");
  }

  @Test
  void aDeviceThatDoesNotLookAtTheUnitIsRecognised() throws Exception {
    for (int unit = 1; unit <= 12; unit++) {
      server.unit(unit);
    }
    run("scan-units", "last", "12", "identify", "false");

    assertThat(run.progress()).contains("12 of 12 units answer: it is probably one device");
  }

  @Test
  void aScanOfWhatCannotBeReachedEndsAtOnce() {
    server.vanish();
    assertThatThrownBy(() -> run("scan-units"))
        .isInstanceOf(DriverException.class)
        .hasMessageContaining("cannot connect to");
    assertThat(run.buses()).hasSize(3);
  }

  @Test
  void aScanOfRegistersFindsTheRangesWithFewRequests() throws Exception {
    server.unit(1).forbid(Area.HOLDING, 0, 65_535);
    allow(97, 149);
    allow(400, 403);
    allow(420, 420);
    server.unit(1).set(Area.HOLDING, 97, 0x4142, 0x4344, 0xffff);

    run("scan-registers", "last", "999");

    assertThat(run.rows().get(0).subList(0, 3)).containsExactly("holding:97", "holding:149", "53");
    assertThat(run.rows().get(0).get(3)).startsWith("4142 4344 FFFF 0000");
    assertThat(run.rows().get(0).get(4)).startsWith("16706 17220 -1 0");
    assertThat(run.rows().get(0).get(5)).isEqualTo("ABCD");
    assertThat(run.rows().get(1).subList(0, 3)).containsExactly("holding:400", "holding:403", "4");
    assertThat(run.rows().get(2).subList(0, 3)).containsExactly("holding:420", "holding:420", "1");
    assertThat(run.rows()).hasSize(3);
    assertThat(run.progress()).isEqualTo("done; 58 can be read");
    assertThat(run.files().get("holding-registers.csv"))
        .startsWith("name,address,type\nholding_97,holding:97,uint16\n")
        .endsWith("\nholding_420,holding:420,uint16\n")
        .hasLineCount(1 + 58);
    assertThat(server.received()).isLessThan(260);
  }

  @Test
  void aScanWithAStepOfOneFindsEverySingleRegister() throws Exception {
    server.unit(1).forbid(Area.INPUT, 0, 65_535);
    List<String> there = new ArrayList<>();
    for (int address = 3; address < 200; address += 7) {
      server.unit(1).allow(Area.INPUT, address, address);
      there.add("input:" + (address + 1));
    }
    run(
        server,
        Map.of("zero.based", false),
        "scan-registers",
        "table",
        "input",
        "last",
        "199",
        "step",
        "1");

    assertThat(column(run, 0)).isEqualTo(there);
  }

  @Test
  void whereAllCanBeReadAScanCostsARequestABlock() throws Exception {
    server.unit(1);
    run("scan-registers", "last", "999");

    assertThat(run.rows()).hasSize(1);
    assertThat(server.received()).isEqualTo(17);
  }

  @Test
  void coilsAreScannedToo() throws Exception {
    server.unit(1).set(Area.COIL, 2, 1).forbid(Area.COIL, 40, 65_535);
    run("scan-registers", "table", "coil", "last", "99", "step", "1");

    assertThat(run.rows().get(0).subList(0, 4))
        .containsExactly("coil:0", "coil:39", "40", "0 0 1 0 0 0 0 0 0 0 0 0 0 0 0 0");
  }

  /** Some devices answer only short reads; the length is learned, and nothing is missed. */
  @Test
  void aDeviceThatRefusesLongReadsIsReadInShorterOnes() throws Exception {
    server.unit(1);
    server.decide(r -> (r.pdu()[4] & 0xff) > 16 ? Behaviour.exception(3) : Behaviour.honest());
    run("scan-registers", "last", "999");

    assertThat(run.rows()).hasSize(1);
    assertThat(run.rows().get(0).get(2)).isEqualTo("1000");
    assertThat(server.received()).isLessThan(130);
  }

  @Test
  void aTableThatTheDeviceDoesNotKnowIsToldAtOnce() {
    server.unit(1);
    server.always(Behaviour.exception(1));
    assertThatThrownBy(() -> run("scan-registers"))
        .isInstanceOf(DriverException.class)
        .hasMessageContaining("does not know function 3, so it has nothing in the table 'holding'");
    assertThat(server.received()).isEqualTo(1);
  }

  @Test
  void whatWasFoundBeforeTheUnitFellSilentStays() {
    server.unit(1);
    server.decide(
        r -> r.pdu()[1] == 0 && r.pdu()[2] == 0 ? Behaviour.honest() : Behaviour.silence());
    assertThatThrownBy(() -> run("scan-registers", "timeout", "20"))
        .isInstanceOf(DriverException.class);
    assertThat(column(run, 2)).containsExactly("60");
    assertThat(server.received()).isEqualTo(6);
  }

  @Test
  void oneReadShowsTheValueInEveryOrder() throws Exception {
    server.unit(1).set(Area.HOLDING, 7, 0x0000, 0x41ac);
    run("read", "address", "holding:7", "type", "float32");

    assertThat(run.rows())
        .contains(List.of("CDAB", "21.5", "0000 41AC"), List.of("ABCD", "2.3559E-41", "0000 41AC"))
        .hasSize(4);
    assertThat(column(run, 0)).containsExactly("ABCD", "CDAB", "BADC", "DCBA");
    assertThat(server.received()).isEqualTo(1);
  }

  @Test
  void typesWithoutAnOrderAndWrongOnesAreReadAndTold() throws Exception {
    server.unit(1).set(Area.HOLDING, 7, 0x4142, 0x4344).set(Area.COIL, 3, 1);
    run("read", "address", "coil:3", "type", "bool");
    run("read", "address", "holding:7", "type", "string(4)");

    assertThat(run.rows())
        .containsExactly(
            List.of("", "true", ""),
            List.of("AB", "'ABCD'", "4142"),
            List.of("BA", "'BADC'", "4142"));
    assertThatThrownBy(() -> run("read", "type", "flaot32"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("did you mean 'float32'?");
  }

  @Test
  void aRawRequestIsSentOnceAndItsAnswerDecoded() throws Exception {
    server.unit(1).set(Area.HOLDING, 16, 0x1234, 0xffff);
    run("request", "function", "3", "data", "00 10 0002");

    assertThat(run.rows().get(0)).containsExactly("sent to unit 1", "03 00 10 00 02");
    assertThat(run.rows().get(1)).containsExactly("answer", "03 04 12 34 FF FF");
    assertThat(run.rows().subList(3, 6))
        .containsExactly(
            List.of("meaning", "2 registers"),
            List.of("holding:16", "1234 = 4660 = 4660"),
            List.of("holding:17", "FFFF = 65535 = -1"));
    assertThat(server.received()).isEqualTo(1);
  }

  @Test
  void aRawRequestThatIsNotAnsweredIsNotSentAgain() {
    server.unit(1);
    server.always(Behaviour.silence());
    assertThatThrownBy(() -> run("request", "function", "6", "data", "0000 0001", "timeout", "50"))
        .isInstanceOf(DriverException.class);
    assertThat(server.received()).isEqualTo(1);
  }

  @Test
  void anExceptionIsToldInWords() throws Exception {
    server.unit(1);
    run("request", "function", "99", "data", "");
    assertThat(run.rows()).contains(List.of("meaning", "exception 1 (illegal function)"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "0x1 2 3", "zz", "00 1g"})
  void whatIsNotBytesIsRefusedBeforeAnythingIsSent(String data) {
    assertThatThrownBy(() -> run("request", "data", data))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "data: expected bytes in hexadecimal such as 00 10 00 02, found '" + data + "'");
    assertThat(server.received()).isZero();
  }

  @Test
  void aRequestThatCannotBeFramedIsRefusedBeforeAnythingIsSent() throws Exception {
    String tooLong = "00".repeat(253);
    assertThatThrownBy(() -> run("request", "data", tooLong))
        .hasMessage("data: expected at most 252 bytes, found 253");
    try (HostileModbusServer line = HostileModbusServer.start(Wire.RTU_OVER_TCP)) {
      assertThatThrownBy(() -> run(line, Map.of(), "request", "function", "99", "data", ""))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("function 99 is not known, so it cannot be used over RTU");
      assertThat(line.received()).isZero();
    }
  }

  @Test
  void onlyTheRawRequestIsForAdministrators() {
    for (Wire wire : Wire.values()) {
      assertThat(tools.tools(Driver.pid(wire)))
          .filteredOn(tool -> tool.access() == Tool.Access.ADMINISTRATOR)
          .extracting(Tool::id)
          .containsExactly("request");
    }
  }

  @Test
  void identificationThatTheDeviceDoesNotKnowIsToldWithWhatToDo() {
    server.unit(1);
    assertThatThrownBy(() -> run("identify"))
        .isInstanceOf(DriverException.class)
        .hasMessageEndingWith(
            "exception 1 (illegal function): the device does not tell what it is; its manual does");
  }

  @Test
  void identificationIsShownByObject() throws Exception {
    server.unit(1);
    server.always(
        x ->
            x.send(
                x.frame(
                    new byte[] {0x2b, 0x0e, 2, 1, 0, 0, 2, 0, 2, 'A', 'B', 2, 3, 'v', '1', '2'})));
    run("identify");
    run("scan-units", "last", "1");

    assertThat(run.rows().subList(0, 2))
        .containsExactly(List.of("0", "vendor", "AB"), List.of("2", "revision", "v12"));
  }

  @Test
  void wrongTypesOfSettingsAreToldAsTheFileWouldBe() {
    assertThatThrownBy(() -> tools.open(ModbusTcpDevice.PID, Map.of("host", "h", "unit", "x")))
        .hasMessage("unit: expected a whole number, found 'x'");
    assertThatThrownBy(() -> tools.open(ModbusTcpDevice.PID, Map.of("host", "h", "unit", 1.5)))
        .hasMessage("unit: expected a whole number, found '1.5'");
    assertThatThrownBy(
            () -> tools.open(ModbusTcpDevice.PID, Map.of("host", "h", "zero.based", "on")))
        .hasMessage("zero.based: expected true or false, found 'on'");
    assertThatThrownBy(() -> tools.open(ModbusTcpDevice.PID, Map.of("host", List.of("h"))))
        .hasMessage("host: expected a text, found '[h]'");
    assertThatThrownBy(() -> tools.open(ModbusTcpDevice.PID, Map.of()))
        .hasMessageContaining("host: expected the name or address of the device");
    assertThatThrownBy(() -> tools.open("none", Map.of())).hasMessageContaining("found 'none'");
  }

  private void allow(int first, int last) {
    server.unit(1).allow(Area.HOLDING, first, last);
  }

  @Test
  void theModelsOfASunSpecDeviceBecomeRowsAndARegisterMap() throws Exception {
    RegisterImage unit = server.unit(1);
    unit.set(Area.HOLDING, 40_000, 0x5375, 0x6e53, 802, 62);
    unit.set(Area.HOLDING, 40_066, 0xffff, 0);
    unit.set(Area.HOLDING, 40_013, 555);
    unit.set(Area.HOLDING, 40_058, 0xffff);

    run("sunspec", "name", "Rack 1");

    assertThat(run.rows())
        .containsExactly(List.of("802", "Battery Base Model", "4x40003", "62", ""));
    assertThat(run.files()).containsOnlyKeys("rack-1.csv");
    assertThat(run.files().get("rack-1.csv"))
        .contains("battery.SoC,4x40014,\"sunspec(uint16,+45)\",");
  }

  @Test
  void aChainOfModelsThatBreaksIsToldAndWhatWasFoundIsKept() throws Exception {
    RegisterImage unit = server.unit(1);
    unit.set(Area.HOLDING, 40_000, 0x5375, 0x6e53, 64_001, 2, 0, 0);
    unit.forbid(Area.HOLDING, 40_006, 40_007);

    run("sunspec");

    assertThat(column(run, 0)).containsExactly("64001", "");
    assertThat(column(run, 4).get(1)).contains("breaks off at 4x40007");
    assertThat(run.files()).containsOnlyKeys("sunspec.csv");
  }

  @Test
  void aDeviceWithoutModelsIsToldAsOne() {
    server.unit(1);
    assertThatThrownBy(() -> run("sunspec"))
        .isInstanceOf(DriverException.class)
        .hasMessageContaining("no SunSpec device");
  }
}
