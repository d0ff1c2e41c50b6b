package io.snaprail.core.internal.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.snaprail.api.health.MetricSource;
import io.snaprail.core.internal.poller.FakeDevice;
import io.snaprail.core.internal.problems.Board;
import io.snaprail.core.internal.samples.Dispatcher;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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
    BundleContext context =
        (BundleContext)
            Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {BundleContext.class},
                (proxy, method, arguments) -> null);
    GatewayView view = new GatewayView(context, registry);
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
}
