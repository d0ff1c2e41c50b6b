package io.snaprail.driver.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.snaprail.api.driver.Deadline;
import io.snaprail.api.driver.DriverException;
import io.snaprail.api.driver.Sink;
import io.snaprail.api.model.Access;
import io.snaprail.api.model.PointDefinition;
import io.snaprail.api.model.SourceLocation;
import io.snaprail.api.model.Value;
import java.lang.reflect.Proxy;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SimulatorDeviceTest {
  private static final Map<String, Object> PROPERTIES =
      Map.of("service.pid", "io.snaprail.driver.simulator~t");

  private static PointDefinition point(String address, String type) {
    return new PointDefinition(
        "p",
        address,
        type,
        "",
        BigDecimal.ONE,
        BigDecimal.ZERO,
        "",
        Access.READ_WRITE,
        null,
        0,
        null,
        null,
        "",
        SourceLocation.NONE);
  }

  private static SimulatorDevice device(String bus, int latencyMs, boolean fail) {
    Map<String, Object> values = Map.of("bus", bus, "latency_ms", latencyMs, "fail", fail);
    Class<?> type = SimulatorDevice.Config.class;
    Object config =
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, arguments) -> values.get(method.getName()));
    return new SimulatorDevice((SimulatorDevice.Config) config, PROPERTIES);
  }

  private static Deadline aSecond() {
    return Deadline.in(Duration.ofSeconds(1));
  }

  /** Keeps what is delivered as plain objects, and reasons of bad values in brackets. */
  private static final class Delivered extends TreeMap<Integer, Object> implements Sink {
    private static final long serialVersionUID = 1L;

    @Override
    public void bool(int index, boolean raw) {
      put(index, raw);
    }

    @Override
    public void integer(int index, long raw) {
      put(index, raw);
    }

    @Override
    public void float32(int index, float raw) {
      put(index, raw);
    }

    @Override
    public void float64(int index, double raw) {
      put(index, raw);
    }

    @Override
    public void text(int index, String raw) {
      put(index, raw);
    }

    @Override
    public void bad(int index, String reason) {
      put(index, "[" + reason + "]");
    }

    @Override
    public void sourceTime(int index, Instant time) {}
  }

  private static List<String> compileErrors(PointDefinition point) {
    List<String> errors = new ArrayList<>();
    device("", 0, false).compile(List.of(point), (index, message) -> errors.add(message));
    return errors;
  }

  private static Object read(SimulatorDevice device, PointDefinition point) throws Exception {
    Delivered delivered = new Delivered();
    device
        .compile(List.of(point), (index, message) -> delivered.bad(index, message))
        .read(delivered, aSecond());
    return delivered.get(0);
  }

  @ParameterizedTest
  @CsvSource({
    "constant:5, int16, java.lang.Long, 5",
    "constant:5, float32, java.lang.Float, 5.0",
    "constant:2.5, float64, java.lang.Double, 2.5",
    "constant:2.5, uint32, java.lang.Long, 3",
    "constant:9007199254740993, int64, java.lang.Long, 9007199254740993",
    "constant:true, bool, java.lang.Boolean, true",
    "constant:false, bool, java.lang.Boolean, false",
    "constant:a:b, string, java.lang.String, a:b",
    "constant:5, string, java.lang.String, 5",
    "memory:m, int32, java.lang.Long, 0",
  })
  void everyTypeIsDelivered(String address, String type, Class<?> expectedType, String expected)
      throws Exception {
    Object value = read(device("", 0, false), point(address, type));
    assertThat(value).isInstanceOf(expectedType).hasToString(expected);
  }

  @Test
  void aTextIsNoNumber() throws Exception {
    assertThat(read(device("", 0, false), point("constant:x", "int16")))
        .isEqualTo("['x' is not a number, as type int16 needs]");
  }

  @ParameterizedTest
  @CsvSource({"sine:10:2, -2, 2", "ramp:10:7, 0, 7", "ramp:0.001, 0, 100", "random:3..4, 3, 4"})
  void wavesStayWithinTheirBounds(String address, double low, double high) throws Exception {
    SimulatorDevice device = device("", 0, false);
    for (int i = 0; i < 1000; i++) {
      assertThat((Double) read(device, point(address, "float64"))).isBetween(low, high);
    }
  }

  @Test
  void aCounterCountsTheReadsOfItsPlan() throws Exception {
    Delivered delivered = new Delivered();
    var plan =
        device("", 0, false)
            .compile(List.of(point("counter", "int32")), (i, m) -> delivered.bad(i, m));
    plan.read(delivered, aSecond());
    plan.read(delivered, aSecond());
    assertThat(delivered).containsEntry(0, 1L);
  }

  @ParameterizedTest
  @CsvSource({
    "sine, float64",
    "sine:0, float64",
    "sine:-1, float64",
    "sine:x, float64",
    "ramp:5:y, float64",
    "random:5, float64",
    "random:5..4, float64",
    "random:0..Infinity, float64",
    "memory:, float64",
    "nonsense:1, float64",
    "'', float64",
    "counter:1, float64",
    "ramp:NaN, float64",
  })
  void anAddressThatIsNoneIsNamed(String address, String type) {
    assertThat(compileErrors(point(address, type)))
        .singleElement()
        .asString()
        .startsWith("address '" + address + "': expected constant:V, counter, ramp:PERIOD");
  }

  @Test
  void anUnknownTypeIsNamedAndTheOtherPointsAreRead() throws Exception {
    Delivered delivered = new Delivered();
    List<String> errors = new ArrayList<>();
    device("", 0, false)
        .compile(
            List.of(point("counter", "int99"), point("constant:7", "int16")),
            (index, message) -> errors.add(index + " " + message))
        .read(delivered, aSecond());
    assertThat(errors)
        .singleElement()
        .asString()
        .startsWith("0 type 'int99': expected bool, int16");
    assertThat(delivered).isEqualTo(Map.of(1, 7L));
  }

  @Test
  void whatIsWrittenToMemoryIsReadBack() throws Exception {
    SimulatorDevice device = device("", 0, false);
    PointDefinition point = point("memory:valve", "float64");
    device.write(point, new Value.Float64(1.5), aSecond());
    assertThat(read(device, point)).isEqualTo(1.5);
    assertThat(read(device, point("memory:other", "float64"))).isEqualTo(0.0);
  }

  @Test
  void onlyMemoryCanBeWritten() {
    List<String> errors = new ArrayList<>();
    device("", 0, false)
        .checkWritable(
            List.of(point("memory:m", "int16"), point("counter", "int16")),
            (index, message) -> errors.add(index + " " + message));
    assertThat(errors).containsExactly("1 address 'counter': only memory:NAME can be written");
  }

  @Test
  void devicesShareABusOnlyWhenTheySayOne() {
    assertThat(device("", 0, false).bus()).isEqualTo("simulator:io.snaprail.driver.simulator~t");
    assertThat(device("line1", 0, false).bus()).isEqualTo("simulator:line1");
  }

  @Test
  void anAbsentDeviceIsUnreachable() {
    DriverException e =
        catchThrowableOfType(
            DriverException.class, () -> read(device("", 0, true), point("counter", "int16")));
    assertThat(e.kind()).isEqualTo(DriverException.Kind.TRANSIENT);
    assertThat(e.sent()).isFalse();
  }

  @Test
  void aSlowDeviceKeepsTheDeadlineAndAWriteToItMayHaveHappened() {
    SimulatorDevice slow = device("", 60_000, false);
    long start = System.nanoTime();
    DriverException e =
        catchThrowableOfType(
            DriverException.class,
            () ->
                slow.write(
                    point("memory:m", "int16"),
                    new Value.Int(1),
                    Deadline.in(Duration.ofMillis(20))));
    assertThat(e.sent()).isTrue();
    assertThat(e).hasMessageContaining("write p: no answer in time");
    assertThat(Duration.ofNanos(System.nanoTime() - start))
        .isBetween(Duration.ofMillis(20), Duration.ofSeconds(5));
  }
}
