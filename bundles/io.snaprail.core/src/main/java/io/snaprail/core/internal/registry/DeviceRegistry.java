package io.snaprail.core.internal.registry;

import io.snaprail.api.driver.Device;
import io.snaprail.api.driver.DeviceProperties;
import io.snaprail.api.driver.ToolRun;
import io.snaprail.api.health.ProblemBoard;
import io.snaprail.api.runtime.BusStatus;
import io.snaprail.api.runtime.RuntimeProperties;
import io.snaprail.core.internal.points.RegisterMap;
import io.snaprail.core.internal.poller.Poller;
import io.snaprail.core.internal.samples.Dispatcher;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkUtil;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The devices that are there now, found on the whiteboard and keyed by their service id: keyed by
 * properties, a replaced instance would stay bound and pin its class loader.
 *
 * <p>Threads: arrivals and departures are handled in their order by one thread of its own, so no
 * lock is held while a driver compiles its points; reading is safe for any thread.
 */
@Component(service = DeviceRegistry.class)
public final class DeviceRegistry {
  private static final Logger LOG = LoggerFactory.getLogger(DeviceRegistry.class);
  private static final long WATCH_MS = 500;

  /** How long after its deadline a call into a driver may still run before people are told. */
  private static final Duration OVERDUE = Duration.ofSeconds(10);

  private static final long STOP_SECONDS = 5;

  private final ProblemBoard board;
  private final Maps maps;
  private final Poller poller;
  private final DeviceStarter starter;
  private final ScheduledExecutorService worker;
  private final OverdueCalls overdue;

  /** Every device service by its id, whether it is polled or not. Changed by the worker only. */
  private final Map<Long, ManagedDevice> services = new ConcurrentSkipListMap<>();

  /** Ids of the services that are there now; the worker may be behind. */
  private final Set<Long> present = ConcurrentHashMap.newKeySet();

  /** How each device's map file looked when it was read. Touched by the worker only. */
  private final Map<Long, String> mapStamps = new HashMap<>();

  /** Devices that own their name: what everyone else sees. */
  private final Map<String, ManagedDevice> named = new ConcurrentHashMap<>();

  /** Starts without devices; they come and go. */
  @Activate
  public DeviceRegistry(
      BundleContext context, @Reference Dispatcher dispatcher, @Reference ProblemBoard board) {
    this(
        new Maps(
            Path.of(
                Objects.requireNonNullElse(context.getProperty(RuntimeProperties.CONFIG_DIR), ".")),
            context.getProperty(RuntimeProperties.MAPS_DIR)),
        dispatcher,
        board,
        OVERDUE);
  }

  /** Register maps are in {@code maps/} of the configuration folder. */
  public DeviceRegistry(Path config, Dispatcher dispatcher, ProblemBoard board) {
    this(new Maps(config, null), dispatcher, board, OVERDUE);
  }

  DeviceRegistry(Maps maps, Dispatcher dispatcher, ProblemBoard board, Duration grace) {
    this.board = board;
    this.maps = maps;
    this.poller = new Poller(Clock.systemUTC());
    this.starter = new DeviceStarter(maps, poller, dispatcher, board);
    this.overdue = new OverdueCalls(poller, board, grace);
    this.worker =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread thread = new Thread(task, "snaprail-registry");
              thread.setDaemon(true);
              return thread;
            });
    worker.scheduleWithFixedDelay(
        guarded("look at the register maps", this::reloadChangedMaps),
        WATCH_MS,
        WATCH_MS,
        TimeUnit.MILLISECONDS);
    worker.scheduleWithFixedDelay(
        guarded("look for drivers that do not return", overdue::report),
        WATCH_MS,
        WATCH_MS,
        TimeUnit.MILLISECONDS);
  }

  /** Lets go of every device; takes 5 s at most. */
  @Deactivate
  public void stop() {
    run(
        "retire the devices",
        () -> {
          services.values().forEach(this::forget);
          services.clear();
          overdue.clear();
        });
    worker.shutdown();
    try {
      if (!worker.awaitTermination(STOP_SECONDS, TimeUnit.SECONDS)) {
        worker.shutdownNow();
      }
    } catch (InterruptedException e) {
      worker.shutdownNow();
      Thread.currentThread().interrupt();
    }
    poller.close();
  }

  /** A device has come. */
  @Reference(
      service = Device.class,
      cardinality = ReferenceCardinality.MULTIPLE,
      policy = ReferencePolicy.DYNAMIC)
  public void bindDevice(Device device, Map<String, Object> properties) {
    ManagedDevice managed =
        new ManagedDevice(device, DeviceSettings.of(properties), driverOf(device));
    long id = serviceId(properties);
    present.add(id);
    run(
        "take device " + managed.name(),
        () -> {
          ManagedDevice before = services.put(id, managed);
          if (before != null && before.source().equals(managed.source())) {
            retire(before);
          } else if (before != null) {
            forget(before);
          }
          adopt(id, managed);
          if (before != null && !before.name().equals(managed.name())) {
            passOn(before.name());
          }
        });
  }

  void updatedDevice(Device device, Map<String, Object> properties) {
    bindDevice(device, properties);
  }

  /** A device has gone. */
  public void unbindDevice(Map<String, Object> properties) {
    long id = serviceId(properties);
    present.remove(id);
    // At once: the driver is deactivated as soon as this method returns.
    ManagedDevice gone = services.get(id);
    if (gone != null) {
      gone.halt();
    }
    run("release a device", () -> release(id));
  }

  private void release(long id) {
    ManagedDevice gone = services.remove(id);
    mapStamps.remove(id);
    if (gone == null) {
      return;
    }
    forget(gone);
    passOn(gone.name());
  }

  /** Another device may have waited for a name that is free now. */
  private void passOn(String name) {
    services.entrySet().stream()
        .filter(e -> e.getValue().name().equals(name))
        .findFirst()
        .ifPresent(e -> adopt(e.getKey(), renewed(e.getKey(), e.getValue())));
  }

  private void run(String what, Runnable task) {
    try {
      worker.execute(guarded(what, task));
    } catch (RejectedExecutionException e) {
      // The core is stopping and has let go of every device already.
      LOG.debug("Not done while stopping: {}", what, e);
    }
  }

  /** A task that fails must not end the worker; a driver that does not link throws an Error. */
  private static Runnable guarded(String what, Runnable task) {
    return () -> {
      try {
        task.run();
      } catch (Throwable e) {
        LOG.error("Failed to {}", what, e);
      }
    };
  }

  /** A device of the name, if one is there. */
  public @Nullable ManagedDevice find(String name) {
    return named.get(name);
  }

  /** Every device, by name. */
  public List<ManagedDevice> all() {
    return new ArrayList<>(new TreeMap<>(named).values());
  }

  /** Number of buses in use. */
  public int buses() {
    return poller.buses();
  }

  /** Every bus, by name. */
  public List<BusStatus> busStatuses() {
    return poller.statuses();
  }

  /** Does something alone on a bus; see {@link Poller#onBus}. */
  public <T> CompletableFuture<T> onBus(String bus, ToolRun.BusTask<T> task) {
    return poller.onBus(bus, task);
  }

  /** The points of a device that is only tried: those of its map, then those inline. */
  public RegisterMap points(TrialSettings trial) {
    return maps.load(trial.settings(), "settings");
  }

  /** The register maps of the devices. */
  Maps maps() {
    return maps;
  }

  private static long serviceId(Map<String, Object> properties) {
    return (Long) Objects.requireNonNull(properties.get(Constants.SERVICE_ID));
  }

  static String driverOf(Device device) {
    var bundle = FrameworkUtil.getBundle(device.getClass());
    String name = bundle == null ? null : bundle.getSymbolicName();
    return name == null ? device.getClass().getName() : name;
  }

  /** Takes a device into use if nothing is wrong with it; else says what is. */
  private void adopt(long id, ManagedDevice managed) {
    if (!present.contains(id)) {
      return;
    }
    DeviceSettings settings = managed.settings();
    mapStamps.put(id, maps.stamp(settings.map()));
    ManagedDevice owner = named.get(settings.name());
    if (owner != null && owner != managed) {
      String message =
          DeviceProperties.NAME
              + ": expected a name that no other device has, found '"
              + settings.name()
              + "', which "
              + owner.source()
              + " uses; give one of them another name";
      board.report(managed.source(), List.of(managed.error(message)));
      return;
    }
    List<String> errors = starter.start(managed);
    managed.trouble(String.join("; ", errors));
    named.put(settings.name(), managed);
    board.report(managed.source(), errors.stream().map(managed::error).toList());
  }

  /** Ends a device whose place nobody takes. */
  private void forget(ManagedDevice managed) {
    retire(managed);
    board.report(managed.source(), List.of());
  }

  /** Ends a device; what was wrong with it stays on the board until its successor reports. */
  private void retire(ManagedDevice managed) {
    Poller.Placement placement = managed.retire();
    if (placement != null) {
      placement.remove();
    }
    named.remove(managed.name(), managed);
    board.report(managed.awaySource(), List.of());
  }

  /** The same service again, with its points read afresh. */
  private ManagedDevice renewed(long id, ManagedDevice old) {
    retire(old);
    ManagedDevice fresh = new ManagedDevice(old.device(), old.settings(), driverOf(old.device()));
    services.put(id, fresh);
    return fresh;
  }

  private void reloadChangedMaps() {
    // Many devices may have one map: it is looked at once.
    Map<String, String> stamps = new HashMap<>();
    for (Map.Entry<Long, ManagedDevice> entry : new ArrayList<>(services.entrySet())) {
      String stamp = stamps.computeIfAbsent(entry.getValue().settings().map(), maps::stamp);
      if (!stamp.equals(mapStamps.get(entry.getKey()))) {
        LOG.info("Register map {} has changed", entry.getValue().settings().map());
        adopt(entry.getKey(), renewed(entry.getKey(), entry.getValue()));
      }
    }
  }
}
