package io.snaprail.driver.serial;

import io.snaprail.api.driver.Device;
import io.snaprail.api.model.PointDefinition;
import io.snaprail.api.model.Value;
import io.snaprail.testkit.DeviceRig;
import io.snaprail.testkit.TestPoints;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/** An instrument that is asked in the manner of SCPI, or sends the same by itself. */
final class SensorRig implements DeviceRig {
  private final boolean asks;
  private final AtomicReference<String> setpoint = new AtomicReference<>("0");
  private final Instrument instrument = new Instrument(this::answer);
  private final ScheduledExecutorService talker = Executors.newSingleThreadScheduledExecutor();
  private final Ports ports = new Ports();
  private final Way way;
  private final SerialSensor sensor;
  private volatile boolean silent;

  private SensorRig(Way.Kind kind, boolean asks) {
    this.asks = asks;
    way = new Way(kind, instrument);
    sensor =
        asks
            ? ports.sensor(
                "port", way.port(),
                "mode", "ask",
                "request", "READ?\\n",
                "frame.end", "\\n",
                "confirm", "^OK$",
                "retries", 0,
                "request.timeout.ms", 10_000)
            : ports.sensor("port", way.port(), "frame.end", "\\n", "stale.ms", 1_000);
    if (!asks) {
      talker.scheduleAtFixedRate(this::talk, 0, 20, TimeUnit.MILLISECONDS);
    }
  }

  static SensorRig asked(Way.Kind way) {
    return new SensorRig(way, true);
  }

  static SensorRig heard(Way.Kind way) {
    return new SensorRig(way, false);
  }

  private void talk() {
    if (!silent) {
      instrument.say("21.5,ON,0," + setpoint.get() + "\n");
    }
  }

  private String answer(String line) {
    if (line.startsWith("SP ")) {
      setpoint.set(line.substring(3));
      return asks ? "OK\n" : "";
    }
    return line.equals("SP?") ? setpoint.get() + "\n" : "21.5,ON,0\n";
  }

  @Override
  public boolean asks() {
    return asks;
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
    String place = asks ? "text ask SP?\\n" : "column:4";
    return TestPoints.writable("w", place + " set SP ${value:%d}\\n", "number");
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
    silent = true;
    instrument.silent(true);
  }

  @Override
  public void vanish() {
    way.cut();
  }

  @Override
  public void heal() {
    silent = false;
    instrument.silent(false);
    way.heal();
  }

  @Override
  public void deactivate() {
    sensor.deactivate();
  }

  @Override
  public void close() {
    talker.shutdownNow();
    ports.close();
    way.close();
    instrument.close();
  }
}
