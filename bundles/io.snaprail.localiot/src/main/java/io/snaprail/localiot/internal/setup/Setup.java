package io.snaprail.localiot.internal.setup;

import io.snaprail.api.certificate.CertificateAuthorities;
import io.snaprail.api.certificate.CertificateStore;
import io.snaprail.api.certificate.CertificateStoreException;
import io.snaprail.api.certificate.IdentityInfo;
import io.snaprail.localiot.internal.registry.Arns;
import io.snaprail.localiot.internal.registry.Certificates;
import io.snaprail.localiot.internal.registry.DeviceCertificate;
import io.snaprail.localiot.internal.registry.DeviceCertificate.Status;
import io.snaprail.localiot.internal.registry.Registry;
import io.snaprail.localiot.internal.registry.RegistryState;
import io.snaprail.localiot.internal.registry.Thing;
import java.io.IOException;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.SSLContext;

/**
 * Makes at first start what the endpoint needs: its authority, its server certificate, the demo
 * thing with certificate and policy. Running it again changes nothing, unless something is missing
 * or near its end. Used by one thread; takes up to seconds.
 */
public final class Setup {
  /** Identity of the endpoint itself in the certificate store. */
  public static final String SERVER_IDENTITY = "localiot-server";

  /** Set of trusted roots with the endpoint's authority. */
  public static final String ROOTS = Issuer.AUTHORITY;

  private final CertificateStore store;
  private final CertificateAuthorities authorities;
  private final Clock clock;
  private final Registry registry;
  private final Path serverFile;

  /** Keeps its own notes in {@code folder}. */
  public Setup(
      CertificateStore store,
      CertificateAuthorities authorities,
      Clock clock,
      Registry registry,
      Path folder) {
    this.store = store;
    this.authorities = authorities;
    this.clock = clock;
    this.registry = registry;
    this.serverFile = folder.resolve("server.json");
  }

  /**
   * Makes authority and server certificate, as far as they are missing.
   *
   * @param names names and addresses that the server certificate is for
   * @return the context for the server
   */
  public SSLContext ensureServer(List<String> names) throws CertificateStoreException, IOException {
    ensureServer(Issuer.open(store, authorities, clock), names);
    return store.serverContext(SERVER_IDENTITY, new DeviceTrust(registry, clock));
  }

  /**
   * Makes the demo thing with policy and certificate, as far as they are missing. The gateway is
   * told at once, so the server should listen by then.
   *
   * @throws IllegalArgumentException when the configured topics make no policy
   */
  public void ensureDemo(DemoSettings demo, Arns arns)
      throws CertificateStoreException, IOException {
    if (demo.wanted()) {
      ensureDemo(Issuer.open(store, authorities, clock), demo, arns);
    }
  }

  private void ensureServer(Issuer issuer, List<String> names)
      throws CertificateStoreException, IOException {
    Optional<IdentityInfo> active = store.active(SERVER_IDENTITY);
    Optional<ServerRecord> record = ServerRecord.read(serverFile);
    if (active.isPresent() && record.isPresent() && !issuer.due(active.get())) {
      ServerRecord wanted = new ServerRecord(active.get().fingerprint(), issuer.id(), names);
      if (wanted.equals(record.get())) {
        return;
      }
    }
    X509Certificate certificate =
        issuer.sign(
            SERVER_IDENTITY, "CN=localhost,O=Snaprail", CertificateAuthorities.Use.SERVER, names);
    issuer.deliver(SERVER_IDENTITY, certificate);
    new ServerRecord(Certificates.id(certificate), issuer.id(), names).write(serverFile);
  }

  private void ensureDemo(Issuer issuer, DemoSettings demo, Arns arns)
      throws CertificateStoreException, IOException {
    registry.change(
        state ->
            (state.things().containsKey(demo.thing())
                    ? state
                    : state.with(new Thing(demo.thing(), Map.of())))
                .withPolicy(demo.policyName(), DemoPolicy.of(demo, arns), clock.instant()));
    Optional<IdentityInfo> active = store.active(demo.identity());
    if (active.isPresent() && !issuer.due(active.get()) && known(active.get(), issuer)) {
      return;
    }
    X509Certificate certificate =
        issuer.sign(
            demo.identity(), "CN=" + demo.thing(), CertificateAuthorities.Use.CLIENT, List.of());
    String id = Certificates.id(certificate);
    // Registered before it is in use, so that it works at once; the old ones are switched off
    // after that, so that there is always one that works.
    DeviceCertificate registered =
        DeviceCertificate.of(certificate, issuer.id(), Status.ACTIVE, clock.instant())
            .withThings(Set.of(demo.thing()))
            .withPolicies(Set.of(demo.policyName()));
    registry.change(state -> state.with(registered));
    issuer.deliver(demo.identity(), certificate);
    registry.change(state -> withoutOthers(state, id, demo));
  }

  private boolean known(IdentityInfo identity, Issuer issuer) {
    DeviceCertificate certificate = registry.state().certificates().get(identity.fingerprint());
    return certificate != null && certificate.authority().equals(issuer.id());
  }

  private RegistryState withoutOthers(RegistryState state, String id, DemoSettings demo) {
    RegistryState changed = state;
    for (DeviceCertificate other : state.certificates().values()) {
      if (!other.id().equals(id)
          && other.status() == Status.ACTIVE
          && other.policies().contains(demo.policyName())) {
        changed = changed.with(other.withStatus(Status.INACTIVE, clock.instant()));
      }
    }
    return changed;
  }
}
