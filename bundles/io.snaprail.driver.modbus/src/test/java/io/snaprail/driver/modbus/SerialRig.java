package io.snaprail.driver.modbus;

import io.snaprail.api.driver.Device;
import io.snaprail.api.model.PointDefinition;
import io.snaprail.api.model.Value;
import io.snaprail.driver.modbus.internal.serial.SerialMode;
import io.snaprail.testkit.DeviceRig;
import io.snaprail.testkit.TestPoints;
import io.snaprail.testkit.line.LineLie;
import io.snaprail.testkit.line.LineSimulator;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;

/** A device and a unit of the line simulator, in RTU or ASCII. */
final class SerialRig implements DeviceRig {
  static final int BAUD = 115_200;

  final LineSimulator line;
  private final SerialDriver driver = new SerialDriver();
  private final SerialDevice device;

  SerialRig(SerialMode mode) throws IOException {
    LineSimulator.require();
    line = LineSimulator.start(BAUD);
    if (mode == SerialMode.RTU) {
      line.rtuUnits(1);
    } else {
      line.asciiUnits(1);
    }
    device = driver.device(mode, line.port(), "baud", BAUD);
  }

  @Override
  public Device device() {
    return device;
  }

  @Override
  public List<PointDefinition> readable() {
    return List.of(
        TestPoints.readable("a", "holding:10", "float32"),
        TestPoints.readable("b", "input:900", "int16"),
        TestPoints.readable("c", "coil:3", "bool"));
  }

  @Override
  public PointDefinition unreadable() {
    return TestPoints.readable("bad", "holding:70000", "int16");
  }

  @Override
  public PointDefinition writable() {
    return TestPoints.writable("w", "holding:200", "uint16");
  }

  @Override
  public List<Value> values() {
    return List.of(new Value.Int(1), new Value.Int(65_535));
  }

  @Override
  public Value outOfRange() {
    return new Value.Int(70_000);
  }

  @Override
  public PointDefinition unwritable() {
    return TestPoints.writable("ro", "input:1", "int16");
  }

  @Override
  public int requests() {
    return (int) line.figures().requests();
  }

  @Override
  public void fallSilent() {
    line.lies(1, LineLie.SILENT);
  }

  @Override
  public void vanish() {
    line.vanish();
  }

  @Override
  public void heal() {
    line.lies(0);
    if (!Files.exists(line.port())) {
      line.comeBackElsewhere();
    }
  }

  @Override
  public void deactivate() {
    device.close();
  }

  @Override
  public void close() {
    driver.close();
    line.close();
  }
}
