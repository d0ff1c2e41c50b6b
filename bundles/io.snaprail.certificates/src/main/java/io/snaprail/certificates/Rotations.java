package io.snaprail.certificates;

import io.snaprail.api.audit.Actor;
import io.snaprail.api.certificate.CertificateIssuer;
import io.snaprail.api.certificate.CertificateStoreException;
import io.snaprail.api.certificate.IdentityInfo;
import io.snaprail.api.certificate.RotationState;
import io.snaprail.api.certificate.RotationState.Phase;
import io.snaprail.api.certificate.SigningOrder;
import io.snaprail.certificates.internal.rotation.RotationFiles;
import io.snaprail.certificates.internal.rotation.RotationRecord;
import io.snaprail.certificates.internal.store.Generation;
import io.snaprail.certificates.internal.x509.Certificates;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Rotations, step by step. Every step is kept before the next one begins, and can be done again:
 * whatever cuts a rotation, {@link #proceed} goes on from what is found. All of it happens in the
 * one thread of {@link RotationThread}; only {@link #rotate} and {@link #all} are for any.
 */
final class Rotations {
  private static final Logger LOG = LoggerFactory.getLogger(Rotations.class);

  private final RotationKeys keys;
  private final RotationFiles files;
  private final Issuers issuers;
  private final RotationThread thread;
  private final Patience patience;
  private final Beginning beginning;
  private final Retirement retirement;

  /** Who waits for the end of a rotation. */
  private final Map<String, List<CompletableFuture<RotationState>>> waiting = new HashMap<>();

  /** Questions to issuers that are not answered yet. */
  private final Map<String, Question> asked = new HashMap<>();

  /** Since when an issuer has been missed, in nanoseconds. */
  private final Map<String, Long> missed = new HashMap<>();

  /** Identities on trial that are looked at again after a while. */
  private final Set<String> looking = new HashSet<>();

  private static final class Question {
    private final String identity;
    private final Optional<Actor> by = Actor.current();
    private @Nullable ScheduledFuture<?> end;

    Question(String identity) {
      this.identity = identity;
    }
  }

  Rotations(
      RotationKeys keys,
      RotationFiles files,
      Issuers issuers,
      RotationThread thread,
      Patience patience) {
    this.keys = keys;
    this.files = files;
    this.issuers = issuers;
    this.thread = thread;
    this.patience = patience;
    this.beginning = new Beginning(keys, issuers);
    this.retirement = new Retirement(files, issuers, thread);
  }

  List<RotationRecord> all() {
    return files.all();
  }

  Retirement retirement() {
    return retirement;
  }

  CompletionStage<RotationState> rotate(String identity, String issuer, String reason) {
    CompletableFuture<RotationState> outcome = new CompletableFuture<>();
    if (!thread.submit(() -> begin(identity, issuer, reason, outcome))) {
      outcome.completeExceptionally(stopping());
    }
    return outcome.minimalCompletionStage();
  }

  private static CertificateStoreException stopping() {
    return new CertificateStoreException(
        "The gateway stops; a rotation that has begun goes on when it starts again");
  }

  /** After a start: goes on with what was cut. */
  void resume() {
    for (RotationRecord record : files.all()) {
      if (record.state().running()) {
        LOG.info(
            "Identity {}: its rotation ({}) was cut by a restart in phase {} and goes on",
            record.identity(),
            record.state().reason(),
            record.state().phase());
      }
      proceed(record.identity());
    }
  }

  /** An issuer has come. */
  void proceed() {
    files.all().forEach(record -> proceed(record.identity()));
  }

  /**
   * Ends trials that nobody can end: right after a start it is not known yet that only servers show
   * an identity, and who connects to them does not say how it went.
   */
  void endTrialsOfServers() {
    for (RotationRecord record : files.all()) {
      if (record.state().phase() == Phase.TRIAL && !keys.triable(record.identity())) {
        try {
          keys.commit(record.identity());
        } catch (CertificateStoreException failure) {
          LOG.debug("Identity {}: its trial goes on", record.identity(), failure);
        }
        proceed(record.identity());
      }
    }
  }

  /** The gateway stops. */
  void stop() {
    waiting.values().forEach(all -> all.forEach(one -> one.completeExceptionally(stopping())));
    waiting.clear();
  }

  private Optional<RotationRecord> record(String identity) {
    return files.all().stream().filter(r -> r.identity().equals(identity)).findFirst();
  }

  private void begin(
      String identity, String issuer, String reason, CompletableFuture<RotationState> outcome) {
    try {
      Optional<RotationRecord> before = record(identity);
      if (before.filter(r -> r.state().running()).isPresent()) {
        Beginning.requireSame(before.get().state(), issuer, reason);
      } else {
        files.put(beginning.checked(identity, issuer, reason, before));
        LOG.info("Identity {}: rotation begins ({}, by {})", identity, reason, issuer);
      }
      waiting.computeIfAbsent(identity, i -> new ArrayList<>()).add(outcome);
      proceed(identity);
    } catch (CertificateStoreException refused) {
      outcome.completeExceptionally(refused);
    }
  }

  /** Does what comes next, as far as that depends on nobody else. */
  void proceed(String identity) {
    Optional<RotationRecord> found = record(identity);
    if (found.isEmpty()) {
      return;
    }
    RotationRecord record = found.get();
    try {
      switch (record.state().phase()) {
        case SIGNING -> sign(record);
        case TRIAL -> look(record);
        case DONE, FAILED -> retire(record);
      }
    } catch (CertificateStoreException failure) {
      fail(record(identity).orElse(record), String.valueOf(failure.getMessage()));
    }
  }

  private void retire(RotationRecord record) throws CertificateStoreException {
    if (record.retire().isEmpty() && !keys.exists(record.identity())) {
      files.remove(record.identity());
    } else {
      retirement.proceed(record);
    }
  }

  private void sign(RotationRecord record) throws CertificateStoreException {
    String identity = record.identity();
    if (asked.containsKey(identity)) {
      return;
    }
    RotationRecord ready = record.csr().isEmpty() ? withKey(record) : record;
    Optional<RotationKeys.Held> holder = keys.holder(identity, ready.csr());
    if (holder.isEmpty()) {
      throw new CertificateStoreException(
          "its new key is gone: somebody has removed or replaced it. The rotation is dropped.");
    }
    if (holder.get().generation() != Generation.PENDING) {
      // Cut between installing the certificate and noting it.
      installed(ready, holder.get().generation() == Generation.ACTIVE, holder.get().fingerprint());
      return;
    }
    Optional<CertificateIssuer> issuer = issuers.find(ready.state().issuer());
    if (issuer.isPresent()) {
      missed.remove(identity);
      ask(ready, issuer.get());
      return;
    }
    long now = System.nanoTime();
    if (now - missed.computeIfAbsent(identity, i -> now) > patience.coming().toNanos()) {
      missed.remove(identity);
      throw new CertificateStoreException(
          "the issuer '%s' has not come for %d min"
              .formatted(ready.state().issuer(), patience.coming().toMinutes()));
    }
    thread.later(() -> proceed(identity), patience.pause());
  }

  private RotationRecord withKey(RotationRecord record) throws CertificateStoreException {
    RotationRecord ready = record.asking(keys.makeKey(record.identity()));
    try {
      files.put(ready);
      return ready;
    } catch (CertificateStoreException notNoted) {
      keys.abandon(record.identity(), ready.csr());
      throw notNoted;
    }
  }

  private void ask(RotationRecord record, CertificateIssuer issuer)
      throws CertificateStoreException {
    String identity = record.identity();
    Question question = new Question(identity);
    SigningOrder order =
        new SigningOrder(identity, record.csr(), keys.active(identity), patience.answer());
    asked.put(identity, question);
    question.end = thread.later(() -> answered(question, null, silence()), patience.answer());
    try {
      issuer
          .issue(order)
          .whenComplete(
              (pem, failure) -> thread.submit(question.by, () -> answered(question, pem, failure)));
    } catch (RuntimeException failure) {
      // Whatever an issuer throws ends its own rotation only.
      answered(question, null, failure);
    }
  }

  private CertificateStoreException silence() {
    return new CertificateStoreException(
        "it did not answer within %d s".formatted(patience.answer().toSeconds()));
  }

  private void answered(Question question, @Nullable String pem, @Nullable Throwable failure) {
    String identity = question.identity;
    Optional<RotationRecord> found = record(identity);
    if (!asked.remove(identity, question) || found.isEmpty()) {
      if (pem != null) {
        retirement.late(identity, pem);
      }
      return;
    }
    if (question.end != null) {
      question.end.cancel(false);
    }
    RotationRecord record = found.get();
    if (pem == null) {
      fail(record, "issuer '%s': %s".formatted(record.state().issuer(), message(failure)));
      return;
    }
    try {
      IdentityInfo fresh = keys.install(identity, pem, record.trial());
      installed(record, fresh.state() == IdentityInfo.State.ACTIVE, fresh.fingerprint());
    } catch (CertificateStoreException unusable) {
      fail(record, String.valueOf(unusable.getMessage()));
      retirement.late(identity, pem);
    }
  }

  /** What a failure says to people. */
  static String message(@Nullable Throwable failure) {
    Throwable cause = failure instanceof CompletionException c ? c.getCause() : failure;
    if (cause instanceof CertificateStoreException told) {
      return String.valueOf(told.getMessage());
    }
    LOG.debug("An issuer failed", cause);
    return cause == null ? "it does not say why" : "it failed with " + cause;
  }

  private void installed(RotationRecord record, boolean inForce, String fingerprint)
      throws CertificateStoreException {
    if (inForce) {
      finish(record, fingerprint);
    } else {
      files.put(record.trying(fingerprint, keys.clock().instant()));
      // Whoever uses it may have been quick.
      proceed(record.identity());
    }
  }

  /** What has become of the trial. */
  private void look(RotationRecord record) throws CertificateStoreException {
    String wanted = record.state().newFingerprint();
    try {
      keys.certificate(record.identity(), Generation.TRIAL);
      keys.certificate(record.identity(), Generation.ACTIVE);
    } catch (CertificateStoreException unreadable) {
      // A token may be unplugged: that decides nothing.
      LOG.debug("Identity {}: its trial cannot be looked at", record.identity(), unreadable);
      thread.later(() -> proceed(record.identity()), patience.pause());
      return;
    }
    // In this order: what is not on trial any more has been decided, and that can be seen then.
    boolean onTrial = shows(record, Generation.TRIAL, wanted);
    if (shows(record, Generation.ACTIVE, wanted)) {
      finish(record, wanted);
    } else if (onTrial) {
      again(record.identity());
    } else {
      fail(
          record,
          "the new certificate was discarded: by hand, or because connections with it failed. The"
              + " old one stays in force.");
    }
  }

  // A commit that could not take the trial's file away has been made all the same, and nobody tells
  // of it: so it is looked for.
  private void again(String identity) {
    if (looking.add(identity)) {
      thread.later(
          () -> {
            looking.remove(identity);
            proceed(identity);
          },
          patience.pause());
    }
  }

  private boolean shows(RotationRecord record, Generation generation, String fingerprint)
      throws CertificateStoreException {
    Optional<X509Certificate> certificate = keys.certificate(record.identity(), generation);
    return certificate.isPresent()
        && Certificates.fingerprint(certificate.get()).equals(fingerprint);
  }

  private void finish(RotationRecord record, String fingerprint) throws CertificateStoreException {
    RotationRecord done = record.done(fingerprint, keys.clock().instant());
    files.put(done);
    LOG.info("Identity {}: rotated, the new certificate is in force", record.identity());
    Optional.ofNullable(waiting.remove(record.identity()))
        .ifPresent(all -> all.forEach(one -> one.complete(done.state())));
    retirement.proceed(done);
  }

  private boolean installed(RotationRecord record) throws CertificateStoreException {
    return !record.csr().isEmpty()
        && keys.holder(record.identity(), record.csr())
            .filter(held -> held.generation() != Generation.PENDING)
            .isPresent();
  }

  private void fail(RotationRecord record, String why) {
    String identity = record.identity();
    String message = "The rotation of identity '%s' failed: %s".formatted(identity, why);
    CertificateStoreException failure = new CertificateStoreException(message);
    try {
      if (installed(record)) {
        // Only its being noted has failed: a full disk must not make a lie of the record.
        LOG.warn("Identity {}: its rotation goes on, but: {}", identity, why);
        thread.later(() -> proceed(identity), patience.pause());
        return;
      }
      if (!record.csr().isEmpty()) {
        keys.abandon(identity, record.csr());
      }
    } catch (CertificateStoreException kept) {
      failure.addSuppressed(kept);
      LOG.warn(
          "Identity {}: the key of its failed rotation stays: {}", identity, kept.getMessage());
    }
    try {
      RotationRecord failed = record.failed(message, keys.clock().instant());
      files.put(failed);
      retirement.proceed(failed);
    } catch (CertificateStoreException notKept) {
      failure.addSuppressed(notKept);
      LOG.warn("Identity {}: {}", identity, notKept.getMessage());
    }
    thread.problemsChanged();
    Optional.ofNullable(waiting.remove(identity))
        .ifPresent(all -> all.forEach(one -> one.completeExceptionally(failure)));
  }
}
