package io.snaprail.sparkplug;

import io.snaprail.api.audit.AuditEvent;
import io.snaprail.api.audit.AuditLog;
import io.snaprail.api.command.CommandGate;
import io.snaprail.api.command.CommandOutcome;
import io.snaprail.api.command.WriteCommand;
import io.snaprail.api.health.Problem;
import io.snaprail.api.health.ProblemBoard;
import io.snaprail.api.model.SampleBatch;
import io.snaprail.api.mqtt.BrokerConfig;
import io.snaprail.api.mqtt.TelemetryConfig;
import io.snaprail.api.runtime.Gateway;
import io.snaprail.api.runtime.RuntimeProperties;
import io.snaprail.api.runtime.SampleListener;
import io.snaprail.api.uplink.Uplink;
import io.snaprail.mqtt.TelemetryUplinksComponent;
import io.snaprail.sparkplug.support.Plant;
import io.snaprail.storage.internal.spool.SpoolsComponent;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.Dictionary;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.ServiceRegistration;

/** What a framework would put around the component: real connection, real spool, fake plant. */
final class World implements AutoCloseable {
  public final Plant plant = new Plant();
  public final List<WriteCommand> written = new CopyOnWriteArrayList<>();
  public final List<AuditEvent> audited = new CopyOnWriteArrayList<>();
  public final Map<String, List<Problem>> problems = new ConcurrentHashMap<>();
  private final Map<String, Object> registered = new ConcurrentHashMap<>();
  private final Map<String, Object> offered = new ConcurrentHashMap<>();
  private final Path folder;
  private final TelemetryUplinksComponent uplinks;
  private SparkplugComponent component;

  public World(Path folder) {
    this.folder = folder;
    offered.put(Gateway.class.getName(), plant.gateway());
    offered.put(CommandGate.class.getName(), (CommandGate) this::submit);
    offered.put(AuditLog.class.getName(), (AuditLog) audited::add);
    uplinks =
        new TelemetryUplinksComponent(
            context(), new SpoolsComponent(folder.resolve("spool"), board()), board());
  }

  private CompletableFuture<CommandOutcome> submit(WriteCommand command) {
    written.add(command);
    return CompletableFuture.completedFuture(
        new CommandOutcome(command.id(), CommandOutcome.Status.DONE, "", command.value()));
  }

  public World start(String name, Map<String, Object> settings) {
    component =
        new SparkplugComponent(
            context(),
            uplinks,
            board(),
            config(SparkplugConfig.class, settings),
            config(BrokerConfig.class, settings),
            config(TelemetryConfig.class, settings),
            Map.of("service.pid", SparkplugComponent.PID + "~" + name));
    return this;
  }

  public void sample(SampleBatch batch) {
    registered.values().stream()
        .filter(SampleListener.class::isInstance)
        .forEach(listener -> ((SampleListener) listener).samples(batch));
  }

  public Uplink uplink() {
    return (Uplink)
        registered.entrySet().stream()
            .filter(entry -> entry.getKey().startsWith(Uplink.class.getName()))
            .findFirst()
            .orElseThrow()
            .getValue();
  }

  public String problem(String source) {
    return String.join(
        "\n", problems.getOrDefault(source, List.of()).stream().map(Problem::message).toList());
  }

  private ProblemBoard board() {
    return new ProblemBoard() {
      @Override
      public void report(String source, List<Problem> now) {
        problems.put(source, List.copyOf(now));
      }

      @Override
      public List<Entry> problems() {
        return List.of();
      }
    };
  }

  private <T> T config(Class<T> type, Map<String, Object> settings) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, arguments) ->
                settings.getOrDefault(method.getName(), method.getDefaultValue())));
  }

  private BundleContext context() {
    return (BundleContext)
        Proxy.newProxyInstance(
            getClass().getClassLoader(),
            new Class<?>[] {BundleContext.class},
            (proxy, method, arguments) ->
                switch (method.getName()) {
                  case "getProperty" ->
                      RuntimeProperties.DATA_DIR.equals(arguments[0]) ? folder.toString() : null;
                  case "registerService" -> register(arguments);
                  case "getServiceReferences" -> references((String) arguments[0]);
                  case "getService" ->
                      offered.get(((ServiceReference<?>) arguments[0]).getProperty("type"));
                  case "ungetService" -> true;
                  default -> null;
                });
  }

  private ServiceReference<?>[] references(String type) {
    if (!offered.containsKey(type)) {
      return null;
    }
    ServiceReference<?> reference =
        (ServiceReference<?>)
            Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {ServiceReference.class},
                (proxy, method, arguments) ->
                    switch (method.getName()) {
                      case "getProperty" -> arguments[0].equals("type") ? type : null;
                      case "hashCode" -> type.hashCode();
                      case "equals" -> proxy == arguments[0];
                      case "compareTo" -> 0;
                      default -> null;
                    });
    return new ServiceReference<?>[] {reference};
  }

  private ServiceRegistration<?> register(Object[] arguments) {
    String type = arguments[0] instanceof Class<?> c ? c.getName() : (String) arguments[0];
    Dictionary<?, ?> properties = (Dictionary<?, ?>) arguments[2];
    String key = properties == null ? type : type + " " + properties.get("name");
    registered.put(key, arguments[1]);
    return (ServiceRegistration<?>)
        Proxy.newProxyInstance(
            getClass().getClassLoader(),
            new Class<?>[] {ServiceRegistration.class},
            (proxy, method, unused) -> {
              if (method.getName().equals("unregister")) {
                registered.remove(key);
              }
              return null;
            });
  }

  /** An orderly stop. */
  public void stop() {
    if (component != null) {
      component.deactivate();
      component = null;
    }
  }

  @Override
  public void close() {
    stop();
  }
}
