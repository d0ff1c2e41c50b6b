package io.snaprail.awsiot.internal.shadow;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import com.google.gson.JsonPrimitive;
import io.snaprail.api.model.Access;
import io.snaprail.api.model.PointDefinition;
import io.snaprail.api.model.SourceLocation;
import io.snaprail.api.runtime.DeviceStatus;
import io.snaprail.api.runtime.Gateway;
import io.snaprail.api.runtime.PointStatus;
import java.lang.reflect.Proxy;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Dictionary;
import java.util.HashMap;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;

/** What the gateway's shadow may set, and how that comes into configurations. */
class GatewaySettingsTest {
  private final List<DeviceSettings.Change> changes = new ArrayList<>();
  private final ExecutorService worker = Executors.newSingleThreadExecutor();
  private final Hashtable<String, Object> properties = new Hashtable<>();
  private double deadband = 0.1;

  @AfterEach
  void stop() {
    worker.shutdownNow();
  }

  private GatewayShadow shadow() {
    return new GatewayShadow(
        null,
        new GatewayShadow.Parts(
            "1",
            () -> null,
            () -> null,
            (change, id) -> {
              changes.add(change);
              return CompletableFuture.completedFuture("");
            },
            Clock.systemUTC()),
        true);
  }

  private static String refusal(JsonElement value, String... keys) {
    ShadowTarget.Outcome outcome =
        new GatewaySettingsTest().shadow().refusal(ShadowPath.of(keys), value);
    return outcome == null ? "" : outcome.code();
  }

  @Test
  void onlySettingsThatThereAreWithValuesThatFitAreTaken() {
    assertThat(refusal(new JsonPrimitive(0.5), "devices", "a", "deadbands", "t")).isEmpty();
    assertThat(refusal(new JsonPrimitive(-1), "devices", "a", "deadbands", "t"))
        .isEqualTo("BAD_VALUE");
    assertThat(refusal(new JsonPrimitive("x"), "devices", "a", "deadbands", "t"))
        .isEqualTo("BAD_VALUE");
    assertThat(refusal(new JsonPrimitive(1), "devices", "a", "deadbands")).isEqualTo("NOT_FOUND");
    assertThat(refusal(new JsonPrimitive(2.5), "devices", "a", "periodMs")).isEqualTo("BAD_VALUE");
    assertThat(refusal(new JsonPrimitive(100), "devices", "a", "periodMs")).isEmpty();
    assertThat(refusal(new JsonPrimitive(true), "devices", "a", "enabled")).isEmpty();
    assertThat(refusal(new JsonPrimitive(1), "devices", "a", "host")).isEqualTo("NOT_FOUND");
  }

  @Test
  void deadbandIsAChangeOfItsPoint() throws Exception {
    shadow()
        .write(
            "1",
            ShadowPath.of("devices", "a", "deadbands", "t"),
            new JsonPrimitive(0.25),
            Instant.MAX)
        .toCompletableFuture()
        .get(5, TimeUnit.SECONDS);
    assertThat(changes)
        .containsExactly(new DeviceSettings.Change("a", DeviceSettings.DEADBANDS, "t=0.25"));
  }

  @Test
  void deadbandsOfOtherPointsStay() throws Exception {
    properties.put("deadbands", new String[] {"t=0.1", "u=3"});
    ConfiguredDevices devices = new ConfiguredDevices(this::configurations, this::gateway, worker);
    assertThat(devices.deadbands()).isEqualTo(Map.of("a", Set.of("t", "u")));
    String fault =
        devices
            .apply(new DeviceSettings.Change("a", DeviceSettings.DEADBANDS, "t=0.25"), "1")
            .toCompletableFuture()
            .get(20, TimeUnit.SECONDS);
    assertThat(fault).isEmpty();
    assertThat((String[]) properties.get("deadbands")).containsExactly("u=3", "t=0.25");
  }

  @SuppressWarnings("unchecked")
  private ConfigurationAdmin configurations() {
    Configuration configuration =
        (Configuration)
            Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {Configuration.class},
                (proxy, method, arguments) -> {
                  if (method.getName().equals("update")) {
                    Dictionary<String, Object> updated = (Dictionary<String, Object>) arguments[0];
                    properties.put("deadbands", updated.get("deadbands"));
                    // The core makes the device anew.
                    deadband = 0.25;
                    return null;
                  }
                  return method.getName().equals("getPid")
                      ? "pid~a"
                      : new Hashtable<>(new HashMap<>(properties));
                });
    return (ConfigurationAdmin)
        Proxy.newProxyInstance(
            getClass().getClassLoader(),
            new Class<?>[] {ConfigurationAdmin.class},
            (proxy, method, arguments) -> new Configuration[] {configuration});
  }

  private Gateway gateway() {
    DeviceStatus status =
        new DeviceStatus(
            "a",
            "driver",
            "pid~a",
            "bus",
            DeviceStatus.State.ONLINE,
            "",
            1,
            Duration.ofSeconds(1),
            null,
            0,
            0,
            0,
            0,
            Duration.ZERO);
    PointDefinition point =
        new PointDefinition(
            "t",
            "1",
            "int32",
            "",
            BigDecimal.ONE,
            BigDecimal.ZERO,
            "",
            Access.READ,
            null,
            deadband,
            null,
            null,
            "",
            new SourceLocation("x", 1));
    return (Gateway)
        Proxy.newProxyInstance(
            getClass().getClassLoader(),
            new Class<?>[] {Gateway.class},
            (proxy, method, arguments) ->
                method.getName().equals("devices")
                    ? List.of(status)
                    : Optional.of(new PointStatus("a", point, null, 0)));
  }
}
