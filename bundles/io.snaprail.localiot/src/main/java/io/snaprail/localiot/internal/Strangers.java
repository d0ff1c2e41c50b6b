package io.snaprail.localiot.internal;

import com.google.gson.JsonObject;
import io.snaprail.localiot.internal.broker.Broker;
import io.snaprail.localiot.internal.json.StrictJson;
import io.snaprail.localiot.internal.registry.Arns;
import io.snaprail.localiot.internal.registry.DeviceCertificate;
import io.snaprail.localiot.internal.registry.Registry;
import io.snaprail.localiot.internal.registry.RegistryException;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Registers certificates that come by themselves and tells so, as "just-in-time registration" of
 * AWS IoT Core does (developer guide, "Register a client certificate when the client connects").
 * The client is refused this time and comes again.
 */
final class Strangers implements Consumer<X509Certificate> {
  private static final Logger LOG = LoggerFactory.getLogger(Strangers.class);

  /** Whoever comes again while the first time is being dealt with is let alone. */
  private static final int WAITING = 64;

  private final Registry registry;
  private final Broker broker;
  private final Arns arns;
  private final Executor worker;
  private final Set<X509Certificate> waiting = ConcurrentHashMap.newKeySet();

  Strangers(Registry registry, Broker broker, Arns arns, Executor worker) {
    this.registry = registry;
    this.broker = broker;
    this.arns = arns;
    this.worker = worker;
  }

  @Override
  public void accept(X509Certificate certificate) {
    if (waiting.size() < WAITING && waiting.add(certificate)) {
      worker.execute(() -> register(certificate));
    }
  }

  private void register(X509Certificate certificate) {
    try {
      registry.certificates().autoRegister(certificate).ifPresent(this::tell);
    } catch (RegistryException e) {
      LOG.warn(
          "local endpoint: certificate of '{}' is not registered: {}",
          certificate.getSubjectX500Principal(),
          e.getMessage());
    } finally {
      waiting.remove(certificate);
    }
  }

  private void tell(DeviceCertificate certificate) {
    Instant now = certificate.issued().registered();
    JsonObject event = new JsonObject();
    event.addProperty("certificateId", certificate.id());
    event.addProperty("caCertificateId", certificate.authority());
    event.addProperty("timestamp", now.toEpochMilli());
    event.addProperty("certificateStatus", certificate.status().name());
    event.addProperty("awsAccountId", arns.account());
    event.addProperty("certificateRegistrationTimestamp", Long.toString(now.toEpochMilli()));
    broker.publishFromService(
        "$aws/events/certificates/registered/" + certificate.authority(),
        StrictJson.write(event).getBytes(StandardCharsets.UTF_8));
  }
}
