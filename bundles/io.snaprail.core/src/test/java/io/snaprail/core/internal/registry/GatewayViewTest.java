package io.snaprail.core.internal.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.snaprail.api.health.MetricSource;
import io.snaprail.api.model.Sample;
import io.snaprail.api.model.Value;
import io.snaprail.core.internal.poller.FakeDevice;
import io.snaprail.core.internal.problems.Board;
import io.snaprail.core.internal.samples.Dispatcher;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.BundleContext;

class GatewayViewTest {
  @TempDir private Path config;

  private static List<String> metrics(GatewayView view) {
    List<String> names = new ArrayList<>();
    view.collect(
        new MetricSource.Collector() {
          @Override
          public void counter(String name, String help, double value, String... labels) {
            names.add(name + String.join("/", labels));
          }

          @Override
          public void gauge(String name, String help, double value, String... labels) {
            names.add(name + String.join("/", labels));
          }
        });
    return names;
  }

  @Test
  void tellsTheFiguresOfBusesAsMetrics() {
    DeviceRegistry registry = new DeviceRegistry(config, new Dispatcher(), new Board());
    GatewayView view = view(registry);
    try {
      registry.bindDevice(
          new FakeDevice("line"),
          Map.of("service.id", 1L, "service.pid", "drv~d", "points", "x,1,int16"));
      await().until(() -> !view.buses().isEmpty() && view.buses().get(0).cycles() > 0);
      assertThat(view.buses().get(0).devices()).containsExactly("d");
      assertThat(metrics(view))
          .contains(
              "snaprail_bus_use_ratiobus/line",
              "snaprail_bus_probe_ratiobus/line",
              "snaprail_bus_late_secondsbus/line/quantile/0.99",
              "snaprail_bus_cycles_totalbus/line",
              "snaprail_bus_writes_totalbus/line",
              "snaprail_bus_missed_periods_totalbus/line",
              "snaprail_bus_deadline_misses_totalbus/line",
              "snaprail_device_deadline_misses_totaldevice/d");
    } finally {
      registry.stop();
    }
  }

  private static GatewayView view(DeviceRegistry registry) {
    BundleContext context =
        (BundleContext)
            Proxy.newProxyInstance(
                GatewayViewTest.class.getClassLoader(),
                new Class<?>[] {BundleContext.class},
                (proxy, method, arguments) -> null);
    return new GatewayView(context, registry);
  }

  @Test
  void readsPointsNowBesideWhatIsPolled() throws Exception {
    DeviceRegistry registry = new DeviceRegistry(config, new Dispatcher(), new Board());
    GatewayView view = view(registry);
    FakeDevice device = new FakeDevice("line");
    Duration wait = Duration.ofSeconds(5);
    try {
      registry.bindDevice(
          device,
          Map.of(
              "service.id",
              1L,
              "service.pid",
              "drv~d",
              "period.ms",
              60_000,
              "points",
              new String[] {"x,1,int16,,0.1", "y,2,int16"}));
      await().until(() -> device.reads.get() == 1);
      device.holds = 215L;
      List<Sample> samples =
          view.read("d", List.of("y", "x"), wait).toCompletableFuture().get(5, TimeUnit.SECONDS);
      assertThat(samples.stream().map(Sample::point)).containsExactly("y", "x");
      assertThat(samples.get(1).value()).isEqualTo(new Value.Float64(21.5));
      assertThat(view.read("d", List.of("z"), wait).toCompletableFuture())
          .failsWithin(wait)
          .withThrowableThat()
          .withMessageContaining("device 'd' has no point 'z'");
      assertThat(view.read("e", List.of("x"), wait).toCompletableFuture())
          .failsWithin(wait)
          .withThrowableThat()
          .withMessageContaining("no device is called 'e'");
    } finally {
      registry.stop();
    }
  }

  @Test
  void givesUpAReadThatHasNotBegunWhenTheBusIsBusy() {
    DeviceRegistry registry = new DeviceRegistry(config, new Dispatcher(), new Board());
    GatewayView view = view(registry);
    FakeDevice device = new FakeDevice("line");
    device.gate = new CountDownLatch(1);
    try {
      registry.bindDevice(
          device, Map.of("service.id", 1L, "service.pid", "drv~d", "points", "x,1,int16"));
      await().until(() -> device.waiting.get() > 0);
      assertThat(view.read("d", List.of("x"), Duration.ofMillis(50)).toCompletableFuture())
          .failsWithin(Duration.ofSeconds(5))
          .withThrowableThat()
          .withMessageContaining("the bus of device 'd' was busy for 50 ms");
    } finally {
      device.gate.countDown();
      registry.stop();
    }
  }
}
