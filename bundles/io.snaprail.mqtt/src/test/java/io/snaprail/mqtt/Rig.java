package io.snaprail.mqtt;

import io.snaprail.api.certificate.IdentityListener;
import io.snaprail.api.health.Problem;
import io.snaprail.api.model.Sample;
import io.snaprail.api.model.SampleBatch;
import io.snaprail.api.model.Value;
import io.snaprail.api.mqtt.ClientSettings;
import io.snaprail.api.mqtt.Delivery;
import io.snaprail.api.mqtt.MqttSettings;
import io.snaprail.api.mqtt.Payload;
import io.snaprail.api.mqtt.Selection;
import io.snaprail.api.mqtt.TelemetrySettings;
import io.snaprail.api.mqtt.TelemetryUplink;
import io.snaprail.api.mqtt.TlsSettings;
import io.snaprail.api.runtime.Gateway;
import io.snaprail.api.runtime.SampleListener;
import io.snaprail.api.uplink.UplinkSpool;
import io.snaprail.mqtt.support.FakeBoard;
import io.snaprail.mqtt.support.FakeCertificates;
import io.snaprail.mqtt.support.FakeSpool;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.Dictionary;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;

/** The component with everything around it that a framework would give it. */
public final class Rig implements AutoCloseable {
  public final FakeBoard board = new FakeBoard();
  public final FakeCertificates certificates = new FakeCertificates();
  public final Map<String, FakeSpool> spools = new ConcurrentHashMap<>();

  /** Registered services, by interface name and the property {@code name}. */
  public final Map<String, Object> services = new ConcurrentHashMap<>();

  public final TelemetryUplinksComponent component;

  public Rig() {
    component =
        new TelemetryUplinksComponent(
            context(),
            (name, settings) -> spools.computeIfAbsent(name, n -> new FakeSpool(16_777_216)),
            board);
    component.bindCertificates(certificates.store());
    component.bindGateway(gateway());
  }

  public TelemetryUplink open(MqttSettings settings) {
    return open(settings, Delivery.UNSHAPED);
  }

  public TelemetryUplink open(MqttSettings settings, Delivery delivery) {
    return component.open(
        settings,
        new TelemetrySettings(
            "t/{{device}}",
            Map.of(),
            List.of(),
            Selection.EVERYTHING,
            UplinkSpool.ofBytes(16_777_216).settings(),
            delivery,
            Payload.DEFAULT));
  }

  public SampleListener samples(String name) {
    return (SampleListener) services.get(SampleListener.class.getName() + " " + name);
  }

  /** What the certificate store does when something in it changes. */
  public void changed(String identity) {
    ((IdentityListener) services.get(IdentityListener.class.getName())).changed(identity);
  }

  /** One value of one device. */
  public void sample(String uplink, String device, long sequence) {
    samples(uplink)
        .samples(
            new SampleBatch(
                device,
                sequence,
                Instant.now(),
                List.of(Sample.good("x", new Value.Int(sequence), Instant.now()))));
  }

  public String problem(String source) {
    return board.of(source).stream().map(Problem::message).collect(Collectors.joining("\n"));
  }

  public static MqttSettings plain(String name, String host, int port) {
    return new MqttSettings(name, host, port, null, client(name));
  }

  public static MqttSettings tls(String name, String host, int port, String identity) {
    return new MqttSettings(name, host, port, new TlsSettings(identity, "roots"), client(name));
  }

  /** A client that is called like the uplink. */
  public static ClientSettings client(String name) {
    return new ClientSettings(name, Duration.ofSeconds(30));
  }

  private Gateway gateway() {
    return (Gateway)
        Proxy.newProxyInstance(
            getClass().getClassLoader(),
            new Class<?>[] {Gateway.class},
            (proxy, method, arguments) -> {
              if (!method.getName().equals("bootId")) {
                throw new UnsupportedOperationException(method.getName());
              }
              return "boot-1";
            });
  }

  private BundleContext context() {
    return (BundleContext)
        Proxy.newProxyInstance(
            getClass().getClassLoader(),
            new Class<?>[] {BundleContext.class},
            (proxy, method, arguments) -> {
              if (!method.getName().equals("registerService")) {
                throw new UnsupportedOperationException(method.getName());
              }
              String type =
                  arguments[0] instanceof Class<?> c ? c.getName() : (String) arguments[0];
              Dictionary<?, ?> properties = (Dictionary<?, ?>) arguments[2];
              return register(
                  properties == null ? type : type + " " + properties.get("name"), arguments[1]);
            });
  }

  private ServiceRegistration<?> register(String key, Object service) {
    services.put(key, service);
    return (ServiceRegistration<?>)
        Proxy.newProxyInstance(
            getClass().getClassLoader(),
            new Class<?>[] {ServiceRegistration.class},
            (proxy, method, arguments) -> {
              if (method.getName().equals("unregister")) {
                services.remove(key);
              }
              return null;
            });
  }

  @Override
  public void close() {
    component.deactivate();
  }
}
