package io.snaprail.awsiot.internal.provisioning;

import io.snaprail.api.certificate.CertificateStore;
import io.snaprail.api.certificate.CertificateStoreException;
import io.snaprail.api.certificate.IdentityInfo;
import io.snaprail.api.certificate.KeyRequest;
import io.snaprail.api.health.Problem;
import io.snaprail.api.health.ProblemBoard;
import io.snaprail.api.mqtt.MqttConnection;
import io.snaprail.api.mqtt.MqttConnections;
import io.snaprail.api.mqtt.MqttSettings;
import io.snaprail.awsiot.internal.call.RejectedCallException;
import io.snaprail.awsiot.internal.provisioning.ProvisioningState.Step;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gets a gateway its own certificate and thing by a claim, once: key and signing request made here,
 * signed by AWS, registered by a template. Goes on where a power cut ended it, and tries again by
 * itself until it is done. One thread, which ends with the work.
 */
public final class Provisioning implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Provisioning.class);
  private static final Duration FIRST_PAUSE = Duration.ofSeconds(5);
  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(10);
  private static final long STOP_MS = 2_000;

  private final Plan plan;
  private final Parts parts;
  private final CountDownLatch stop = new CountDownLatch(1);
  private final Thread thread;

  /**
   * What is to be done.
   *
   * @param claim how to connect with the claim's identity
   * @param identity that gets the certificate
   * @param template at AWS
   * @param parameters for the template
   * @param key what key to make
   */
  public record Plan(
      MqttSettings claim,
      String identity,
      String template,
      Map<String, String> parameters,
      KeyRequest key) {
    /** Copies the map. */
    public Plan {
      parameters = Map.copyOf(parameters);
    }
  }

  /**
   * What it is done with.
   *
   * @param connections makes the claim's connection; may come and go
   * @param store of certificates; may come and go
   * @param board for what is wrong, under the name of the claim's connection and {@code
   *     :provisioning}
   * @param file keeps how far it is
   * @param done told the thing's name, by the thread that ends then
   */
  public record Parts(
      Supplier<@Nullable MqttConnections> connections,
      Supplier<@Nullable CertificateStore> store,
      ProblemBoard board,
      Path file,
      Consumer<String> done) {}

  /** Starts. */
  public Provisioning(Plan plan, Parts parts) {
    this.plan = plan;
    this.parts = parts;
    this.thread = new Thread(this::run, "snaprail-awsiot-" + plan.claim().name());
    this.thread.setDaemon(true);
    this.thread.start();
  }

  // Where a task begins: whatever goes wrong is told and tried again.
  private void run() {
    Duration pause = FIRST_PAUSE;
    try {
      do {
        String fault = attempt();
        if (fault == null) {
          return;
        }
        tell(fault + "; trying again within " + pause.toSeconds() + " s");
        if (stop.await(pause.toMillis(), TimeUnit.MILLISECONDS)) {
          return;
        }
        pause = pause.multipliedBy(2);
        pause = pause.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause;
      } while (true);
    } catch (InterruptedException e) {
      LOG.debug("{}: provisioning is stopped", source());
    }
  }

  private @Nullable String attempt() throws InterruptedException {
    CertificateStore store = parts.store().get();
    if (store == null) {
      return "the certificate store is not there";
    }
    try {
      ProvisioningState state = ProvisioningState.read(parts.file(), plan.template());
      String thing = advance(store, state).thing();
      parts.board().report(source(), List.of());
      parts.done().accept(thing);
      return null;
    } catch (RejectedCallException e) {
      return "AWS refuses: "
          + e.getMessage()
          + "; check template, its parameters and the claim's policy";
    } catch (IOException | CertificateStoreException | RuntimeException e) {
      return String.valueOf(e.getMessage());
    }
  }

  private ProvisioningState advance(CertificateStore store, ProvisioningState found)
      throws IOException, CertificateStoreException, InterruptedException {
    ProvisioningState state = found;
    if (state.step() == Step.DONE && store.active(plan.identity()).isPresent()) {
      return state;
    }
    if (state.step() == Step.DONE || !pendingKey(store)) {
      // Somebody has removed the identity, or the key of what was issued is gone.
      state = installed(store, state) ? state : ProvisioningState.begin(plan.template());
    }
    if (state.step() != Step.REGISTERED) {
      state = online(store, state);
    }
    if (!installed(store, state)) {
      store.importCertificate(plan.identity(), state.pem());
    }
    state = state.done();
    state.write(parts.file());
    LOG.info("provisioned as thing '{}' with certificate {}", state.thing(), state.certificateId());
    return state;
  }

  private ProvisioningState online(CertificateStore store, ProvisioningState found)
      throws IOException, CertificateStoreException, InterruptedException {
    ProvisioningState state = found;
    MqttConnections connections = parts.connections().get();
    if (connections == null) {
      throw new IOException("the MQTT bundle is not there");
    }
    try (MqttConnection connection = connections.connect(plan.claim());
        FleetProvisioning fleet = new FleetProvisioning(connection.session(), plan.template())) {
      fleet.awaitReady();
      if (state.step() == Step.BEGIN) {
        String csr = store.createSigningRequest(plan.identity(), plan.key());
        state = state.issued(fleet.certificate(csr));
        state.write(parts.file());
      }
      state = state.registered(register(fleet, state));
      state.write(parts.file());
      return state;
    }
  }

  private String register(FleetProvisioning fleet, ProvisioningState state)
      throws IOException, InterruptedException {
    try {
      return fleet.register(state.ownershipToken(), plan.parameters());
    } catch (RejectedCallException e) {
      // The token may be used up or too old: the next attempt asks for another certificate.
      ProvisioningState.begin(plan.template()).write(parts.file());
      throw e;
    }
  }

  private boolean pendingKey(CertificateStore store) {
    return store.identities().stream()
        .anyMatch(
            one -> one.name().equals(plan.identity()) && one.state() == IdentityInfo.State.PENDING);
  }

  /** Whether the certificate that was issued is in the store: the cut came just before the note. */
  private boolean installed(CertificateStore store, ProvisioningState state) {
    return state.step() == Step.REGISTERED
        && store.identities().stream()
            .anyMatch(
                one ->
                    one.name().equals(plan.identity())
                        && one.state() != IdentityInfo.State.PENDING
                        && one.fingerprint().equalsIgnoreCase(Fingerprint.of(state.pem())));
  }

  private void tell(String fault) {
    String message =
        "provisioning by template '"
            + plan.template()
            + "' at "
            + plan.claim().endpoint()
            + ": "
            + fault;
    parts
        .board()
        .report(
            source(), List.of(new Problem(Problem.Severity.ERROR, plan.claim().name(), message)));
  }

  private String source() {
    return plan.claim().name() + ":provisioning";
  }

  /** Ends it; it goes on at the next start. */
  @Override
  public void close() {
    stop.countDown();
    thread.interrupt();
    if (Thread.currentThread() != thread) {
      try {
        thread.join(STOP_MS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      parts.board().report(source(), List.of());
    }
  }
}
