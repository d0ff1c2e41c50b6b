package io.snaprail.certificates;

import io.snaprail.api.certificate.CertificateStoreException;
import io.snaprail.api.certificate.IdentityInfo;
import io.snaprail.api.health.Problem;
import io.snaprail.api.health.Problem.Severity;
import io.snaprail.certificates.internal.store.Entry;
import io.snaprail.certificates.internal.store.Generation;
import io.snaprail.certificates.internal.store.Identities;
import io.snaprail.certificates.internal.store.Trials;
import io.snaprail.certificates.internal.store.Trials.Decision;
import io.snaprail.certificates.internal.x509.Certificates;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import javax.net.ssl.SSLContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Replaces identities: at once when no client uses them, else by way of a trial that what comes of
 * connections decides. Safe for any thread.
 */
final class Rotation {
  private static final Logger LOG = LoggerFactory.getLogger(Rotation.class);

  /** After so long a new certificate that failed once is tried again, after twice twice. */
  private static final Duration RETRY = Duration.ofMinutes(1);

  /** Whoever uses an identity connects anew sooner than this when all is well. */
  private static final Duration LONG_TRIAL = Duration.ofMinutes(10);

  private final Identities identities;
  private final Changes changes;
  private final Trials trials = new Trials();
  private final Set<String> served = ConcurrentHashMap.newKeySet();

  /** Of trials that ended badly, by identity, until the next one. */
  private final Map<String, Problem> discarded = new ConcurrentHashMap<>();

  /** When trials were first seen, in nanoseconds; asked by one thread at a time. */
  private final Map<X509Certificate, Long> trialsSince = new ConcurrentHashMap<>();

  private final LongSupplier nanos;

  Rotation(Identities identities, Changes changes) {
    this(identities, changes, System::nanoTime);
  }

  Rotation(Identities identities, Changes changes, LongSupplier nanos) {
    this.identities = identities;
    this.changes = changes;
    this.nanos = nanos;
  }

  /** Puts a key and certificate into force, or on trial when clients use it. */
  IdentityInfo replace(String name, String what, Entry entry) throws CertificateStoreException {
    return replace(name, what, entry, trials.used(name));
  }

  /**
   * Puts a key and certificate into force, or on trial.
   *
   * @param trial whether it is to be tried out, if it takes the place of another
   */
  IdentityInfo replace(String name, String what, Entry entry, boolean trial)
      throws CertificateStoreException {
    for (X509Certificate certificate : entry.chain()) {
      Optional<String> weakness = Certificates.weakness(certificate);
      if (weakness.isPresent()) {
        throw new CertificateStoreException(
            "Identity '%s': certificate %s is refused: %s"
                .formatted(name, Certificates.describe(certificate), weakness.get()));
      }
    }
    discarded.remove(name);
    trials.ended(name);
    boolean onTrial =
        trial
            && identities
                .get(name, Generation.ACTIVE)
                .filter(active -> !active.sameCertificate(entry))
                .isPresent();
    if (onTrial) {
      changes.make(name, what + ", on trial", () -> identities.tryOut(name, entry));
      return Infos.of(name, Generation.TRIAL, entry);
    }
    changes.make(name, what, () -> identities.activate(name, entry));
    return Infos.of(name, Generation.ACTIVE, entry);
  }

  IdentityInfo commit(String name) throws CertificateStoreException {
    Entry trial =
        identities
            .get(name, Generation.TRIAL)
            .orElseThrow(
                () ->
                    new CertificateStoreException(
                        "Identity '%s' has nothing on trial that could be put into force"
                            .formatted(name)));
    trials.ended(name);
    changes.make(name, "trial ended: in force", () -> identities.activate(name, trial));
    return Infos.of(name, Generation.ACTIVE, trial);
  }

  IdentityInfo rollBack(String name) throws CertificateStoreException {
    Optional<Entry> active = identities.get(name, Generation.ACTIVE);
    if (identities.get(name, Generation.TRIAL).isPresent() && active.isPresent()) {
      trials.ended(name);
      changes.make(name, "trial ended: discarded", () -> identities.discardTrial(name));
      return Infos.of(name, Generation.ACTIVE, active.get());
    }
    Entry previous =
        identities
            .get(name, Generation.PREVIOUS)
            .orElseThrow(
                () ->
                    new CertificateStoreException(
                        "Identity '%s' has neither a trial that could be ended nor a previous generation"
                            .formatted(name)));
    return replace(name, "rolled back to the previous generation", previous);
  }

  /** A server shows an identity: it has clients that do not say how it went. */
  void served(String name) {
    served.add(name);
  }

  /** Whether a new certificate can be tried out: not when servers alone show it. */
  boolean triable(String name) {
    return trials.used(name) || !served.contains(name);
  }

  /** The identity was removed. */
  void removed(String name) {
    trials.ended(name);
    discarded.remove(name);
  }

  /** What a client is to show next. */
  Shown next(String name) throws CertificateStoreException {
    Optional<Entry> active = identities.usable(name, Generation.ACTIVE);
    Optional<Entry> trial = trial(name);
    if (trial.isPresent() && trials.next(name, trial.get().certificate()) == Generation.TRIAL) {
      return new Shown(Generation.TRIAL, trial.get());
    }
    return new Shown(Generation.ACTIVE, active.orElseThrow(() -> missing(name)));
  }

  /** What is on trial; nothing when it cannot be read: the active one serves. */
  private Optional<Entry> trial(String name) {
    try {
      return identities.get(name, Generation.TRIAL);
    } catch (CertificateStoreException damaged) {
      LOG.warn("Identity {}: its trial is left out: {}", name, damaged.getMessage());
      return Optional.empty();
    }
  }

  /** Whoever has a context may report about it. */
  void given(String name, Shown shown, SSLContext context) {
    trials.given(name, shown.generation(), shown.entry().certificate(), context);
  }

  /**
   * A generation that a client shows.
   *
   * @param generation TRIAL or ACTIVE
   */
  record Shown(Generation generation, Entry entry) {}

  /** The one that is in force. */
  Entry active(String name) throws CertificateStoreException {
    return identities.usable(name, Generation.ACTIVE).orElseThrow(() -> missing(name));
  }

  private CertificateStoreException missing(String name) {
    boolean pending;
    try {
      pending = identities.get(name, Generation.PENDING).isPresent();
    } catch (CertificateStoreException unreadable) {
      return unreadable;
    }
    return new CertificateStoreException(
        pending
            ? "Identity '%s' waits for its certificate: have its signing request signed and import the result."
                .formatted(name)
            : "There is no identity named '%s'. Import a key and certificate under that name, or make a signing request."
                .formatted(name));
  }

  void accepted(SSLContext context) {
    Decision decision = trials.accepted(context);
    String name = decision.name();
    try {
      switch (decision.verdict()) {
        case NONE -> {}
        case COMMIT -> {
          IdentityInfo info = commit(name);
          LOG.info(
              "Identity {}: the new certificate ({}, valid until {}) was accepted and is in force",
              name,
              info.subject(),
              info.notAfter());
        }
        case RETRY -> {
          Duration wait = RETRY.multipliedBy(decision.strikes());
          LOG.warn(
              "Identity {}: a connection with the new certificate failed, one with the old came"
                  + " about; trying the new one again in {} min ({} of {})",
              name,
              wait.toMinutes(),
              decision.strikes() + 1,
              Trials.STRIKES);
          changes.askAnew(name, wait);
        }
        case DISCARD -> discard(name);
      }
    } catch (CertificateStoreException failure) {
      // The trial goes on, and the next connection comes back to it.
      LOG.warn("Identity {}: its trial could not be ended: {}", name, failure.getMessage());
    }
  }

  private void discard(String name) throws CertificateStoreException {
    String what =
        identities
            .get(name, Generation.TRIAL)
            .map(entry -> Certificates.describe(entry.certificate()))
            .orElse("");
    discarded.put(
        name,
        new Problem(
            Severity.WARNING,
            "identity " + name,
            "The new certificate %s was discarded: connections with it failed %d times, each time one with the old certificate then came about. The old one stays in force. Is the new one known to the other side, active, and allowed to do what the old one is?"
                .formatted(what, Trials.STRIKES)));
    rollBack(name);
  }

  void failed(SSLContext context) {
    trials.failed(context);
  }

  /** Trials that ended badly, and those that do not end. */
  List<Problem> problems() {
    List<Problem> problems = new ArrayList<>(discarded.values());
    Map<X509Certificate, Long> present = new HashMap<>();
    for (String name : identities.names()) {
      Optional<Entry> entry = trial(name);
      if (entry.isPresent()) {
        X509Certificate certificate = entry.get().certificate();
        long since = trialsSince.getOrDefault(certificate, nanos.getAsLong());
        present.put(certificate, since);
        if (nanos.getAsLong() - since >= LONG_TRIAL.toNanos()) {
          problems.add(endless(name, certificate));
        } else if (!trialsSince.containsKey(certificate)) {
          changes.checkAnew(LONG_TRIAL.plusSeconds(1));
        }
      }
    }
    trialsSince.keySet().retainAll(present.keySet());
    trialsSince.putAll(present);
    return problems;
  }

  private static Problem endless(String name, X509Certificate certificate) {
    return new Problem(
        Severity.WARNING,
        "identity " + name,
        "The new certificate %s has been on trial for more than %d min, and no connection with it was accepted; the old one is still in force. Does whoever uses the identity run, and is the other side reachable? Put it into force by hand, or discard it."
            .formatted(Certificates.describe(certificate), LONG_TRIAL.toMinutes()));
  }
}
