package io.snaprail.driver.modbus;

import static org.assertj.core.api.Assertions.assertThat;

import io.snaprail.api.driver.DriverTools;
import io.snaprail.api.driver.Tool;
import io.snaprail.driver.modbus.internal.connection.ConnectionPool;
import io.snaprail.driver.modbus.internal.serial.SerialMode;
import io.snaprail.testkit.DriverToolsContract;
import io.snaprail.testkit.RecordingRun;
import io.snaprail.testkit.line.LineLie;
import io.snaprail.testkit.line.LineSimulator;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** The tools keep to the contract on a serial port too. */
@ParameterizedClass
@EnumSource
class ModbusSerialToolsContractTest extends DriverToolsContract {
  private final SerialMode mode;
  private final ConnectionPool pool = new ConnectionPool();
  private SerialDriver driver;
  private LineSimulator line;

  ModbusSerialToolsContractTest(SerialMode mode) {
    this.mode = mode;
  }

  @BeforeEach
  void start() throws IOException {
    LineSimulator.require();
    driver = new SerialDriver();
    line = LineSimulator.start(SerialRig.BAUD);
    if (mode == SerialMode.RTU) {
      line.rtuUnits(1, 3);
    } else {
      line.asciiUnits(1, 3);
    }
  }

  @AfterEach
  void stop() {
    pool.deactivate();
    driver.close();
    line.close();
  }

  @Override
  protected DriverTools tools() {
    return new ModbusTools(pool, driver.buses, Driver.NO_KEYS);
  }

  @Override
  protected String pid() {
    return mode == SerialMode.RTU ? ModbusRtuDevice.PID : ModbusAsciiDevice.PID;
  }

  @Override
  protected Map<String, Object> settings() {
    return Map.of("port", line.port().toString(), "baud", (long) SerialRig.BAUD);
  }

  @Override
  protected Map.Entry<String, Object> wrong() {
    return Map.entry("unit", 256L);
  }

  @Override
  protected int requests() {
    return (int) line.figures().requests();
  }

  /** A unit that is not there costs its time-out. */
  @Override
  protected Map<String, String> parameters(Tool tool) {
    Map<String, String> parameters = super.parameters(tool);
    parameters.replace("last", "4");
    return parameters;
  }

  @Test
  void aScanFindsTheUnitsOfTheLine() throws Exception {
    assertThat(scan().rows()).extracting(row -> row.get(0)).containsExactly("1", "3");
  }

  /** Two units with the same number talk at once: their answers are garbled, every time. */
  @Test
  void damagedAnswersAreToldAsSomethingThatAnswers() throws Exception {
    line.lies(1, LineLie.CHECKSUM);
    assertThat(scan().rows())
        .extracting(row -> row.get(1))
        .hasSize(2)
        .allMatch(text -> text.contains("two units with this number?"));
  }

  private RecordingRun scan() throws Exception {
    RecordingRun run = new RecordingRun();
    ModbusTools tools = new ModbusTools(pool, driver.buses, Driver.NO_KEYS);
    return Driver.use(
        tools, pid(), "scan-units", settings(), run, "last", "4", "identify", "false");
  }
}
