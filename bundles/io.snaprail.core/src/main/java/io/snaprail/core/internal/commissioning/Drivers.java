package io.snaprail.core.internal.commissioning;

import io.snaprail.api.driver.DriverTools;
import io.snaprail.api.driver.Preset;
import io.snaprail.api.driver.Tool;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.FrameworkUtil;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The drivers that have tools, by service id: of two for one PID the older counts. */
final class Drivers {
  private static final Logger LOG = LoggerFactory.getLogger(Drivers.class);

  private final Map<Long, Driver> all = new ConcurrentSkipListMap<>();

  /**
   * A driver.
   *
   * @param id of its service
   */
  record Driver(long id, DriverTools service, List<String> pids) {
    /** Its tools for a PID; none when it fails to tell. */
    List<Tool> tools(String pid) {
      try {
        return List.copyOf(service.tools(pid));
      } catch (RuntimeException | LinkageError e) {
        LOG.error("{} failed to tell its tools for {}", name(), pid, e);
        return List.of();
      }
    }

    /** Its presets for a PID; none when it fails to tell. */
    List<Preset> presets(String pid) {
      try {
        return List.copyOf(service.presets(pid));
      } catch (RuntimeException | LinkageError e) {
        LOG.error("{} failed to tell its presets for {}", name(), pid, e);
        return List.of();
      }
    }

    /** Symbolic name of its bundle. */
    String name() {
      var bundle = FrameworkUtil.getBundle(service.getClass());
      String name = bundle == null ? null : bundle.getSymbolicName();
      return name == null ? service.getClass().getName() : name;
    }
  }

  void put(long id, DriverTools service, @Nullable Object pids) {
    all.put(id, new Driver(id, service, texts(pids)));
  }

  void remove(long id) {
    all.remove(id);
  }

  Optional<Driver> find(String pid) {
    return all.values().stream().filter(driver -> driver.pids().contains(pid)).findFirst();
  }

  List<String> pids() {
    return all.values().stream()
        .flatMap(driver -> driver.pids().stream())
        .distinct()
        .sorted()
        .toList();
  }

  /** What people are told when a driver does something that it does not declare. */
  static IllegalArgumentException failed(Driver driver, String what, Throwable e) {
    LOG.error("{} failed to {}", driver.name(), what, e);
    return new IllegalArgumentException(
        "the driver " + driver.name() + " failed to " + what + ": " + e, e);
  }

  private static List<String> texts(@Nullable Object property) {
    if (property instanceof Object[] array) {
      return Arrays.stream(array).map(String::valueOf).toList();
    }
    if (property instanceof Collection<?> several) {
      return several.stream().map(String::valueOf).toList();
    }
    return property == null ? List.of() : List.of(property.toString());
  }
}
