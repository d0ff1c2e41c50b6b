package io.snaprail.core.internal.commissioning;

import io.snaprail.api.audit.AuditLog;
import io.snaprail.api.driver.DriverTools;
import io.snaprail.api.driver.Preset;
import io.snaprail.api.driver.Tool;
import io.snaprail.api.driver.TrialDevice;
import io.snaprail.api.runtime.Commissioning;
import io.snaprail.api.security.Principal;
import io.snaprail.api.security.Role;
import io.snaprail.core.internal.points.RegisterMap;
import io.snaprail.core.internal.registry.DeviceRegistry;
import io.snaprail.core.internal.registry.TrialSettings;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Constants;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;

/** Finds the tools of the drivers, checks who wants what, and hands it to {@link Runs}. */
@Component(service = Commissioning.class)
public final class CommissioningService implements Commissioning {
  private static final String TEST = "test";

  /** How long a tool waits for a bus that is busy. */
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final Function<TrialSettings, RegisterMap> points;
  private final Clock clock;
  private final Drivers drivers = new Drivers();
  private final Runs runs;
  private final AtomicReference<@Nullable AuditLog> audit = new AtomicReference<>();

  /** Tries devices with the register maps and on the buses of those that are there. */
  @Activate
  public CommissioningService(@Reference DeviceRegistry registry) {
    this(registry::points, new BusQueue(registry::onBus, PATIENCE), Clock.systemUTC());
  }

  CommissioningService(Function<TrialSettings, RegisterMap> points, BusQueue buses, Clock clock) {
    this.points = points;
    this.clock = clock;
    this.runs = new Runs(buses, audit::get);
  }

  @Deactivate
  void stop() {
    runs.close();
  }

  /** Optional and replaceable: nothing is run without it. */
  @Reference(
      cardinality = ReferenceCardinality.OPTIONAL,
      policy = ReferencePolicy.DYNAMIC,
      policyOption = ReferencePolicyOption.GREEDY)
  void bindAudit(AuditLog log) {
    audit.set(log);
  }

  void unbindAudit(AuditLog log) {
    audit.compareAndSet(log, null);
  }

  @Reference(
      service = DriverTools.class,
      cardinality = ReferenceCardinality.MULTIPLE,
      policy = ReferencePolicy.DYNAMIC)
  void bindTools(DriverTools tools, Map<String, Object> properties) {
    drivers.put(serviceId(properties), tools, properties.get(DriverTools.DEVICE_PIDS));
  }

  void updatedTools(DriverTools tools, Map<String, Object> properties) {
    bindTools(tools, properties);
  }

  void unbindTools(Map<String, Object> properties) {
    long id = serviceId(properties);
    drivers.remove(id);
    runs.driverGone(id);
  }

  private static long serviceId(Map<String, Object> properties) {
    return (Long) Objects.requireNonNull(properties.get(Constants.SERVICE_ID));
  }

  @Override
  public List<String> pids() {
    return drivers.pids();
  }

  @Override
  public List<Tool> tools(String pid) {
    return drivers.find(pid).map(driver -> driver.tools(pid)).orElse(List.of());
  }

  @Override
  public List<Preset> presets(String pid) {
    return drivers.find(pid).map(driver -> driver.presets(pid)).orElse(List.of());
  }

  @Override
  public List<String> check(String pid, Map<String, Object> settings) {
    Drivers.Driver driver = driver(pid);
    TrialSettings.of(settings);
    return asked(driver, "check settings of " + pid, () -> driver.service().check(pid, settings));
  }

  @Override
  public Run test(String pid, Map<String, Object> settings, Principal actor) {
    Drivers.Driver driver = driver(pid);
    Trail trail = runs.trail(actor, pid, TEST, Map.of());
    allow(Tool.Access.OPERATOR, "test a device", trail);
    TrialSettings common = TrialSettings.of(settings);
    TrialDevice device = open(driver, pid, settings);
    try {
      String title = "Test on " + device.bus();
      return runs.begin(
          driver.id(),
          new ActiveRun(
              new ActiveRun.Shape(title, DeviceTest.COLUMNS, false),
              () -> points.apply(common),
              runs.buses(),
              trail,
              clock),
          new DeviceTest(device, common, clock));
    } catch (RuntimeException e) {
      device.close();
      throw e;
    }
  }

  private static TrialDevice open(Drivers.Driver driver, String pid, Map<String, Object> settings) {
    return asked(driver, "open a device of " + pid, () -> driver.service().open(pid, settings));
  }

  private static <T> T asked(Drivers.Driver driver, String what, Supplier<T> question) {
    try {
      return question.get();
    } catch (IllegalArgumentException e) {
      throw e;
    } catch (RuntimeException | LinkageError e) {
      throw Drivers.failed(driver, what, e);
    }
  }

  @Override
  public Run run(
      String pid,
      String tool,
      Map<String, Object> settings,
      Map<String, String> parameters,
      Principal actor) {
    Drivers.Driver driver = driver(pid);
    Tool wanted = tool(driver, pid, tool);
    Map<String, String> checked = Parameters.of(wanted, parameters);
    Trail trail = runs.trail(actor, pid, tool, checked);
    allow(wanted.access(), "use tool '" + tool + "'", trail);
    Map<String, Object> copy = Map.copyOf(settings);
    Job job = run -> driver.service().run(pid, tool, copy, checked, run);
    return runs.begin(
        driver.id(),
        new ActiveRun(
            new ActiveRun.Shape(wanted.title(), wanted.columns(), wanted.live()),
            () -> points.apply(TrialSettings.of(copy)),
            runs.buses(),
            trail,
            clock),
        job);
  }

  private Drivers.Driver driver(String pid) {
    return drivers
        .find(pid)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "pid: expected "
                        + (pids().isEmpty() ? "that of an installed driver" : pids())
                        + ", found '"
                        + pid
                        + "'"));
  }

  private static Tool tool(Drivers.Driver driver, String pid, String id) {
    List<Tool> tools = driver.tools(pid);
    return tools.stream()
        .filter(tool -> tool.id().equals(id))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "tool: expected one of "
                        + tools.stream().map(Tool::id).toList()
                        + ", found '"
                        + id
                        + "'"));
  }

  private static void allow(Tool.Access access, String what, Trail trail) {
    Role needed = access == Tool.Access.ADMINISTRATOR ? Role.ADMIN : Role.OPERATOR;
    if (!trail.actor().role().includes(needed)) {
      String message =
          "to " + what + " takes the role " + needed + ", found " + trail.actor().role();
      // A refusal stands whether or not it can be recorded.
      trail.record("refused", "message", message);
      throw new SecurityException(message);
    }
  }

  @Override
  public Optional<Run> find(String id) {
    return runs.find(id);
  }

  @Override
  public void cancel(String id) {
    runs.cancel(id);
  }
}
