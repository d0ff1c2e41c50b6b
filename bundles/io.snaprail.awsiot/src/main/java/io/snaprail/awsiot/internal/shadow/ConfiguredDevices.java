package io.snaprail.awsiot.internal.shadow;

import io.snaprail.api.runtime.DeviceStatus;
import io.snaprail.api.runtime.Gateway;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Dictionary;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Changes the configurations of devices through Configuration Admin, one after the other. */
public final class ConfiguredDevices implements DeviceSettings {
  private static final Logger LOG = LoggerFactory.getLogger(ConfiguredDevices.class);
  private static final Duration EFFECT = Duration.ofSeconds(10);
  private static final Duration LOOK = Duration.ofMillis(100);

  private final Supplier<@Nullable ConfigurationAdmin> configurations;
  private final Supplier<@Nullable Gateway> gateway;
  private final ExecutorService worker;
  private final CountDownLatch never = new CountDownLatch(1);

  /** Works on the given thread, which is the caller's to end. */
  public ConfiguredDevices(
      Supplier<@Nullable ConfigurationAdmin> configurations,
      Supplier<@Nullable Gateway> gateway,
      ExecutorService worker) {
    this.configurations = configurations;
    this.gateway = gateway;
    this.worker = worker;
  }

  @Override
  public CompletionStage<String> apply(Change change, String id) {
    try {
      return CompletableFuture.supplyAsync(() -> applied(change), worker);
    } catch (RejectedExecutionException e) {
      return CompletableFuture.completedFuture("the gateway is stopping");
    }
  }

  private String applied(Change change) {
    try {
      ConfigurationAdmin admin = configurations.get();
      DeviceStatus device = find(change.device()).orElse(null);
      if (admin == null || device == null) {
        return admin == null
            ? "the configurations are not there"
            : "there is no device '" + change.device() + "'";
      }
      Configuration[] found = admin.listConfigurations("(service.pid=" + device.pid() + ")");
      if (found == null) {
        return "device '" + change.device() + "' has no configuration";
      }
      Dictionary<String, Object> properties = found[0].getProperties();
      properties.put(change.key(), merged(change, properties.get(change.key())));
      found[0].update(properties);
      return effective(change) ? "" : "the change is saved, but the device does not follow it yet";
    } catch (IOException | InvalidSyntaxException | IllegalStateException e) {
      return String.valueOf(e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "the gateway is stopping";
    }
  }

  /** Of deadbands, those of other points stay. */
  private static Object merged(Change change, @Nullable Object before) {
    if (!change.key().equals(DEADBANDS)) {
      return change.value();
    }
    String entry = change.value().toString();
    List<String> all = new ArrayList<>(entries(before));
    all.removeIf(one -> point(one).equals(point(entry)));
    all.add(entry);
    return all.toArray(String[]::new);
  }

  private static List<String> entries(@Nullable Object found) {
    if (found instanceof Object[] array) {
      return Arrays.stream(array).map(String::valueOf).toList();
    }
    if (found instanceof Collection<?> list) {
      return list.stream().map(String::valueOf).toList();
    }
    return found == null ? List.of() : List.of(found.toString());
  }

  private static String point(String entry) {
    int equals = entry.lastIndexOf('=');
    return (equals < 0 ? entry : entry.substring(0, equals)).strip();
  }

  @Override
  public Map<String, Set<String>> deadbands() {
    ConfigurationAdmin admin = configurations.get();
    Gateway now = gateway.get();
    if (admin == null || now == null) {
      return Map.of();
    }
    Map<String, Set<String>> all = new HashMap<>();
    try {
      Configuration[] found = admin.listConfigurations("(" + DEADBANDS + "=*)");
      Map<String, String> names = new HashMap<>();
      now.devices().forEach(device -> names.put(device.pid(), device.name()));
      for (Configuration one : found == null ? new Configuration[0] : found) {
        String device = names.get(one.getPid());
        if (device != null) {
          Set<String> points = new TreeSet<>();
          entries(one.getProperties().get(DEADBANDS)).forEach(entry -> points.add(point(entry)));
          all.put(device, points);
        }
      }
    } catch (IOException | InvalidSyntaxException | IllegalStateException e) {
      LOG.debug("deadbands are not told: {}", String.valueOf(e.getMessage()));
    }
    return all;
  }

  // Only what is in force is done: else the old state would look like somebody's change.
  private boolean effective(Change change) throws InterruptedException {
    long until = System.nanoTime() + EFFECT.toNanos();
    while (System.nanoTime() - until < 0) {
      if (inForce(change)) {
        return true;
      }
      never.await(LOOK.toMillis(), TimeUnit.MILLISECONDS);
    }
    return false;
  }

  private boolean inForce(Change change) {
    if (!change.key().equals(DEADBANDS)) {
      return find(change.device()).filter(status -> follows(status, change)).isPresent();
    }
    String entry = change.value().toString();
    double wanted = Double.parseDouble(entry.substring(entry.lastIndexOf('=') + 1));
    Gateway now = gateway.get();
    return now != null
        && now.point(change.device(), point(entry))
            .filter(found -> found.definition().deadband() == wanted)
            .isPresent();
  }

  private static boolean follows(DeviceStatus status, Change change) {
    return change.value() instanceof Boolean on
        ? on == (status.state() != DeviceStatus.State.DISABLED)
        : change.value() instanceof Integer period && status.period().toMillis() == period;
  }

  private Optional<DeviceStatus> find(String device) {
    Gateway now = gateway.get();
    return now == null
        ? Optional.empty()
        : now.devices().stream().filter(status -> status.name().equals(device)).findFirst();
  }
}
