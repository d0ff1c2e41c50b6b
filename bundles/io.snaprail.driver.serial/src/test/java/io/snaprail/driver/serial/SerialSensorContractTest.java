package io.snaprail.driver.serial;

import io.snaprail.api.driver.Device;
import io.snaprail.api.model.PointDefinition;
import io.snaprail.api.model.Value;
import io.snaprail.testkit.DeviceRig;
import io.snaprail.testkit.DriverContract;
import io.snaprail.testkit.TestPoints;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

/** An instrument that is asked in the manner of SCPI. */
class SerialSensorContractTest extends DriverContract {
  @Override
  protected DeviceRig createRig() {
    return new Rig();
  }

  private static final class Rig implements DeviceRig {
    private final AtomicReference<String> setpoint = new AtomicReference<>("0");
    private final Instrument instrument = new Instrument(this::answer);
    private final Ports ports = new Ports();
    private final SerialSensor sensor =
        ports.sensor(
            "port", instrument.port(),
            "mode", "ask",
            "request", "READ?\\n",
            "frame.end", "\\n",
            "confirm", "^OK$",
            "retries", 0,
            "request.timeout.ms", 10_000);

    private String answer(String line) {
      if (line.startsWith("SP ")) {
        setpoint.set(line.substring(3));
        return "OK\n";
      }
      return line.equals("SP?") ? setpoint.get() + "\n" : "21.5,ON,0\n";
    }

    @Override
    public Device device() {
      return sensor;
    }

    @Override
    public List<PointDefinition> readable() {
      return List.of(
          TestPoints.readable("a", "column:1", "number"),
          TestPoints.readable("b", "column:2", "bool(ON,OFF)"),
          TestPoints.readable("c", "column:3", "number"));
    }

    @Override
    public PointDefinition unreadable() {
      return TestPoints.readable("bad", "column:x", "number");
    }

    @Override
    public PointDefinition writable() {
      return TestPoints.writable("w", "text ask SP?\\n set SP ${value:%d}\\n", "number");
    }

    @Override
    public List<Value> values() {
      return List.of(new Value.Int(7), new Value.Int(-12));
    }

    @Override
    public Value outOfRange() {
      return new Value.Float64(1.5);
    }

    @Override
    public PointDefinition unwritable() {
      return TestPoints.writable("ro", "column:1", "number");
    }

    @Override
    public int requests() {
      return instrument.heard.size();
    }

    @Override
    public void fallSilent() {
      instrument.silent(true);
    }

    @Override
    public void vanish() {
      instrument.vanish();
    }

    @Override
    public void heal() {
      instrument.silent(false);
      instrument.comeBack();
    }

    @Override
    public void deactivate() {
      sensor.deactivate();
    }

    @Override
    public void close() {
      ports.close();
      instrument.close();
    }
  }
}
