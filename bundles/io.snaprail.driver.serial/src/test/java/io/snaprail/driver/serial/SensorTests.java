package io.snaprail.driver.serial;

import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.snaprail.api.driver.Deadline;
import io.snaprail.api.driver.DriverException;
import io.snaprail.api.driver.ReadPlan;
import io.snaprail.api.model.PointDefinition;
import io.snaprail.testkit.RecordingSink;
import io.snaprail.testkit.TestPoints;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import org.junit.jupiter.api.AfterEach;

/** Sensors and the instruments that they are connected to. */
abstract class SensorTests {
  final Ports ports = new Ports();
  private final Deque<AutoCloseable> opened = new ArrayDeque<>();

  @AfterEach
  void close() throws Exception {
    while (!opened.isEmpty()) {
      opened.pop().close();
    }
    ports.close();
  }

  Instrument instrument(java.util.function.Function<String, String> answers) {
    Instrument instrument = new Instrument(answers);
    opened.push(instrument);
    return instrument;
  }

  SerialSensor sensor(Object... keysAndValues) {
    SerialSensor sensor = ports.sensor(keysAndValues);
    opened.push(sensor::deactivate);
    return sensor;
  }

  static ReadPlan plan(SerialSensor sensor, PointDefinition... points) {
    return sensor.compile(
        Arrays.asList(points),
        (index, message) -> {
          throw new AssertionError(message);
        });
  }

  static PointDefinition number(String address) {
    return TestPoints.readable("p", address, "number");
  }

  static RecordingSink read(ReadPlan plan) throws DriverException {
    RecordingSink sink = new RecordingSink();
    plan.read(sink, Deadline.in(Duration.ofSeconds(5)));
    return sink;
  }

  static DriverException failure(ReadPlan plan) {
    return catchThrowableOfType(DriverException.class, () -> read(plan));
  }
}
