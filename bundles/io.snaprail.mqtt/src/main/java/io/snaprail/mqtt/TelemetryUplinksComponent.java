package io.snaprail.mqtt;

import io.snaprail.api.certificate.CertificateStore;
import io.snaprail.api.certificate.IdentityListener;
import io.snaprail.api.health.MetricSource;
import io.snaprail.api.health.ProblemBoard;
import io.snaprail.api.mqtt.MqttConnection;
import io.snaprail.api.mqtt.MqttConnections;
import io.snaprail.api.mqtt.MqttSession;
import io.snaprail.api.mqtt.MqttSettings;
import io.snaprail.api.mqtt.TelemetryEncoding;
import io.snaprail.api.mqtt.TelemetrySettings;
import io.snaprail.api.mqtt.TelemetryUplink;
import io.snaprail.api.mqtt.TelemetryUplinks;
import io.snaprail.api.runtime.Gateway;
import io.snaprail.api.runtime.SampleListener;
import io.snaprail.api.security.SecretStore;
import io.snaprail.api.uplink.Spool;
import io.snaprail.api.uplink.SpoolFactory;
import io.snaprail.api.uplink.Uplink;
import io.snaprail.mqtt.internal.encoding.Encodings;
import io.snaprail.mqtt.internal.paho.PahoConnector;
import io.snaprail.mqtt.internal.telemetry.ControlConnection;
import io.snaprail.mqtt.internal.telemetry.Counters;
import io.snaprail.mqtt.internal.telemetry.Pipeline;
import io.snaprail.mqtt.internal.telemetry.TopicTemplate;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;

/**
 * Makes uplinks for this bundle's own component and for the connectors of clouds. For each it
 * registers a {@link SampleListener}, so that the core feeds it, and an {@link Uplink}, so that
 * people see it, both with the service property {@code name}.
 *
 * <p>The certificate and secret stores and the gateway may come and go: an uplink that needs one
 * waits for it.
 */
@Component(service = {TelemetryUplinks.class, MqttConnections.class, MetricSource.class})
public final class TelemetryUplinksComponent
    implements TelemetryUplinks, MqttConnections, MetricSource {
  private static final int QUEUE_CAPACITY = 4096;

  private final BundleContext context;
  private final SpoolFactory spools;
  private final ProblemBoard board;
  private final long startedNanos = System.nanoTime();
  private final Map<String, Pipeline> open = new ConcurrentHashMap<>();
  private final Set<ControlConnection> connections = ConcurrentHashMap.newKeySet();
  private final Map<String, Counters> counters = new ConcurrentHashMap<>();
  private final ServiceRegistration<IdentityListener> listener;
  // Not final: they come and go while uplinks go on.
  private volatile @Nullable CertificateStore certificates;
  private volatile @Nullable SecretStore secrets;
  private volatile String bootId = "";

  /** Called by the service component runtime. */
  @Activate
  public TelemetryUplinksComponent(
      BundleContext context, @Reference SpoolFactory spools, @Reference ProblemBoard board) {
    this.context = context;
    this.spools = spools;
    this.board = board;
    // Not a service of the component: the store would have to activate it while it is being
    // activated itself, since this component asks for the store.
    this.listener = context.registerService(IdentityListener.class, this::changed, null);
  }

  @Override
  public TelemetryUplink open(
      MqttSettings connection, TelemetrySettings telemetry, @Nullable TelemetryEncoding encoding) {
    String name = connection.name();
    Map<String, String> variables = new HashMap<>();
    variables.put("uplink", name);
    variables.put("gateway", HostName.get());
    variables.putAll(telemetry.variables());
    TopicTemplate template = TopicTemplate.parse(telemetry.topic(), variables);
    TelemetryEncoding how =
        encoding == null ? Encodings.of(telemetry.payload(), variables) : encoding;
    if (open.containsKey(name)) {
      throw nameTaken(name);
    }
    Spool spool = spools.open(name, telemetry.spool());
    List<ServiceRegistration<?>> services = new ArrayList<>();
    Pipeline pipeline =
        new Pipeline(
            connection,
            telemetry,
            template,
            new Pipeline.Parts(
                spool,
                how,
                connector(connection),
                board,
                counters.computeIfAbsent(name, key -> new Counters()),
                () -> bootId,
                time(),
                () -> withdraw(name, services)));
    if (open.putIfAbsent(name, pipeline) != null) {
      spool.close();
      throw nameTaken(name);
    }
    pipeline.start();
    register(name, pipeline, services);
    return pipeline;
  }

  @Override
  public MqttConnection connect(MqttSettings connection) {
    ControlConnection opened =
        new ControlConnection(connection, connector(connection), board, time());
    connections.add(opened);
    return new MqttConnection() {
      @Override
      public MqttSession session() {
        return opened.session();
      }

      @Override
      public void reconnect(String reason) {
        opened.reconnect(reason);
      }

      @Override
      public void close() {
        connections.remove(opened);
        opened.close();
      }
    };
  }

  private PahoConnector connector(MqttSettings connection) {
    return new PahoConnector(
        connection, new StoreCredentials(connection, () -> certificates, () -> secrets));
  }

  private Pipeline.Time time() {
    return new Pipeline.Time(
        Clock.systemUTC(), () -> System.nanoTime() - startedNanos, new SplittableRandom());
  }

  private void register(String name, Pipeline pipeline, List<ServiceRegistration<?>> services) {
    services.add(
        context.registerService(
            SampleListener.class,
            pipeline.samples(),
            FrameworkUtil.asDictionary(
                Map.of("name", name, SampleListener.QUEUE_CAPACITY, QUEUE_CAPACITY))));
    services.add(
        context.registerService(
            Uplink.class, pipeline, FrameworkUtil.asDictionary(Map.of("name", name))));
  }

  private void withdraw(String name, List<ServiceRegistration<?>> services) {
    open.remove(name);
    services.forEach(ServiceRegistration::unregister);
    services.clear();
  }

  private static IllegalArgumentException nameTaken(String name) {
    return new IllegalArgumentException(
        "name: expected one that no other uplink has, found '" + name + "'");
  }

  /** An identity or a set of roots has changed. */
  private void changed(String name) {
    open.values().forEach(pipeline -> pipeline.credentialsChanged(name));
  }

  @Override
  public void collect(Collector collector) {
    open.values().forEach(pipeline -> pipeline.collect(collector));
  }

  @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC)
  void bindCertificates(CertificateStore store) {
    certificates = store;
    open.values().forEach(Pipeline::storeChanged);
  }

  void unbindCertificates(CertificateStore store) {
    if (certificates == store) {
      certificates = null;
    }
  }

  @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC)
  void bindSecrets(SecretStore store) {
    secrets = store;
    open.values().forEach(Pipeline::storeChanged);
  }

  void unbindSecrets(SecretStore store) {
    if (secrets == store) {
      secrets = null;
    }
  }

  // Samples come from the gateway, so that it is always there before the first of them.
  @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC)
  void bindGateway(Gateway gateway) {
    bootId = gateway.bootId();
  }

  void unbindGateway(Gateway gateway) {
    // The boot id stays: it belongs to the process.
  }

  @Deactivate
  void deactivate() {
    listener.unregister();
    List.copyOf(open.values()).forEach(Pipeline::close);
    connections.forEach(ControlConnection::close);
  }
}
