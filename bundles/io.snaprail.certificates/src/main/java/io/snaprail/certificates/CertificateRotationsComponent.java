package io.snaprail.certificates;

import io.snaprail.api.certificate.CertificateIssuer;
import io.snaprail.api.certificate.CertificateRotations;
import io.snaprail.api.certificate.CertificateStoreException;
import io.snaprail.api.certificate.RotationState;
import io.snaprail.api.health.Problem;
import io.snaprail.certificates.internal.rotation.RotationFiles;
import io.snaprail.certificates.internal.rotation.RotationRecord;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;

/** The {@link CertificateRotations} service: {@code <data>/certificates/rotations}. */
@Component(service = CertificateRotations.class, immediate = true)
public final class CertificateRotationsComponent implements CertificateRotations {
  private static final String WHO = "rotations";
  private static final int MAX_REASON = 200;

  /** By then everybody who uses an identity has asked for it. */
  private static final Duration FIRST_LOOK = Duration.ofMinutes(1);

  private static final Duration LOOK = Duration.ofMinutes(10);

  private final Issuers issuers;
  private final RotationThread thread;
  private final Rotations rotations;
  private final Schedules schedules;
  private final CertificateWatch watch;
  private final Supplier<List<Problem>> problems;

  /** Reads what was cut, and goes on with it in a thread of its own. */
  @Activate
  public CertificateRotationsComponent(
      BundleContext context,
      @Reference CertificateStoreComponent store,
      @Reference CertificateAuthoritiesComponent authorities,
      @Reference CertificateWatch watch) {
    this(CertificateStoreComponent.folder(context), store, authorities, watch, Patience.USUAL);
  }

  CertificateRotationsComponent(
      Path folder,
      CertificateStoreComponent store,
      CertificateAuthoritiesComponent authorities,
      CertificateWatch watch,
      Patience patience) {
    this.watch = watch;
    this.issuers = new Issuers(authorities);
    this.thread = new RotationThread(watch::checkAnew);
    RotationKeys keys = store.rotationKeys();
    RotationFiles files = new RotationFiles(folder.resolve("rotations"));
    this.rotations = new Rotations(keys, files, issuers, thread, patience);
    this.schedules = new Schedules(keys, rotations);
    this.problems =
        () ->
            Stream.concat(schedules.problems().stream(), rotations.retirement().problems().stream())
                .toList();
    watch.watch(WHO, problems);
    watch.listen(WHO, name -> thread.submit(Optional.empty(), () -> rotations.proceed(name)));
    thread.submit(Optional.empty(), rotations::resume);
    thread.again(schedules::look, FIRST_LOOK, LOOK);
    thread.again(rotations::endTrialsOfServers, FIRST_LOOK, FIRST_LOOK);
  }

  @Deactivate
  void deactivate() {
    watch.unwatch(WHO, problems);
    thread.close();
    rotations.stop();
  }

  /** Does what is done now and then without waiting for it. */
  void look() {
    thread.submit(Optional.empty(), schedules::look);
    thread.submit(Optional.empty(), rotations::endTrialsOfServers);
  }

  @Override
  public CompletionStage<RotationState> rotate(String identity, String issuer, String reason) {
    if (reason.isBlank() || reason.length() > MAX_REASON) {
      return failed(
          "The reason of a rotation: expected 1 to %d characters, found %d"
              .formatted(MAX_REASON, reason.length()));
    }
    Optional<String> signer = issuer.isEmpty() ? schedules.issuer(identity) : Optional.of(issuer);
    return signer.isPresent()
        ? rotations.rotate(identity, signer.get(), reason)
        : failed(
            "Nobody is named who signs for identity '%s': name an issuer, or configure io.snaprail.certificates.rotation~NAME for it"
                .formatted(identity));
  }

  private static CompletionStage<RotationState> failed(String message) {
    return CompletableFuture.failedStage(new CertificateStoreException(message));
  }

  @Override
  public List<RotationState> rotations() {
    return rotations.all().stream().map(RotationRecord::state).toList();
  }

  @Override
  public Set<String> issuers() {
    return issuers.names();
  }

  @Reference(
      cardinality = ReferenceCardinality.MULTIPLE,
      policy = ReferencePolicy.DYNAMIC,
      unbind = "removeIssuer")
  void addIssuer(CertificateIssuer issuer, Map<String, Object> properties) {
    issuers.add(issuer, properties);
    thread.submit(Optional.empty(), rotations::proceed);
  }

  void removeIssuer(CertificateIssuer issuer, Map<String, Object> properties) {
    issuers.remove(properties);
  }

  @Reference(
      cardinality = ReferenceCardinality.MULTIPLE,
      policy = ReferencePolicy.DYNAMIC,
      unbind = "removeSchedule")
  void addSchedule(RotationSchedule schedule) {
    schedules.add(schedule);
    watch.checkAnew();
  }

  void removeSchedule(RotationSchedule schedule) {
    schedules.remove(schedule);
    watch.checkAnew();
  }
}
