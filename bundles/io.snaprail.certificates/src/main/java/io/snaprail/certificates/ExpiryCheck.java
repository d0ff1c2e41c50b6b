package io.snaprail.certificates;

import io.snaprail.api.certificate.CertificateStoreException;
import io.snaprail.api.certificate.Expiry;
import io.snaprail.api.health.Problem;
import io.snaprail.api.health.Problem.Severity;
import io.snaprail.certificates.internal.store.Entry;
import io.snaprail.certificates.internal.store.Generation;
import io.snaprail.certificates.internal.store.Identities;
import io.snaprail.certificates.internal.store.Roots;
import io.snaprail.certificates.internal.x509.Certificates;
import io.snaprail.certificates.internal.x509.Names;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Finds certificates in force that are not valid, or will not be for long. The texts name limits
 * and dates, not days that are left: a text that changes daily would be a new problem daily.
 */
final class ExpiryCheck {
  private static final int SOON_DAYS = 60;
  private static final Duration PLANNED_LIFE = Duration.ofDays(90);
  private static final int WARN_DAYS = 30;
  private static final int URGENT_DAYS = 7;

  private volatile List<Expiry> expiries = List.of();
  private final Identities identities;
  private final Roots roots;
  private final Clock clock;

  ExpiryCheck(Identities identities, Roots roots, Clock clock) {
    this.identities = identities;
    this.roots = roots;
    this.clock = clock;
  }

  /** As of the last {@link #problems}. */
  List<Expiry> expiries() {
    return expiries;
  }

  /** What is wrong now. */
  List<Problem> problems() {
    List<Expiry> found = new ArrayList<>();
    List<Problem> problems = problems(found);
    found.sort(Comparator.comparing(Expiry::notAfter));
    expiries = List.copyOf(found);
    return problems;
  }

  private static void note(
      List<Expiry> found, Expiry.Kind kind, String name, X509Certificate certificate)
      throws CertificateStoreException {
    found.add(
        new Expiry(
            kind,
            name,
            Names.text(certificate.getSubjectX500Principal()),
            Certificates.fingerprint(certificate),
            certificate.getNotBefore().toInstant(),
            certificate.getNotAfter().toInstant()));
  }

  private List<Problem> problems(List<Expiry> found) {
    List<Problem> problems = new ArrayList<>();
    Instant now = clock.instant();
    boolean clockSet = !now.isBefore(Certificates.EARLIEST_CLOCK);
    if (!clockSet) {
      String message =
          "The gateway's clock says %s, which cannot be: certificates are refused until it is set. Check the time service or the clock's battery."
              .formatted(Certificates.date(now).substring(0, 10));
      problems.add(new Problem(Severity.ERROR, "clock", message));
    }
    for (String name : identities.names()) {
      String subject = "identity " + name;
      try {
        Optional<Entry> active = identities.get(name, Generation.ACTIVE);
        if (active.isPresent()) {
          Expiry.Kind kind = Expiry.Kind.IDENTITY;
          for (X509Certificate certificate : active.get().chain()) {
            note(found, kind, name, certificate);
            kind = Expiry.Kind.CHAIN;
          }
          problems.addAll(clockSet ? check(subject, active.get(), now) : List.of());
        }
      } catch (CertificateStoreException unreadable) {
        problems.add(error(subject, unreadable));
      }
    }
    for (String name : roots.names()) {
      String subject = "set of roots " + name;
      try {
        for (X509Certificate root : roots.get(name)) {
          note(found, Expiry.Kind.ROOT, name, root);
          add(problems, clockSet ? check(subject, root, now) : null);
        }
      } catch (CertificateStoreException unreadable) {
        problems.add(error(subject, unreadable));
      }
    }
    return problems;
  }

  private static Problem error(String subject, CertificateStoreException unreadable) {
    return new Problem(Severity.ERROR, subject, String.valueOf(unreadable.getMessage()));
  }

  private static void add(List<Problem> problems, @Nullable Problem problem) {
    if (problem != null) {
      problems.add(problem);
    }
  }

  /** Of a chain the link that ends first is what matters: one message, not one a link. */
  private static List<Problem> check(String subject, Entry entry, Instant now) {
    return entry.chain().stream()
        .sorted(Comparator.comparing(X509Certificate::getNotAfter))
        .map(certificate -> check(subject, certificate, now))
        .flatMap(Stream::ofNullable)
        .limit(1)
        .toList();
  }

  private static @Nullable Problem check(String subject, X509Certificate certificate, Instant now) {
    String what = "Certificate " + Certificates.describe(certificate);
    Instant from = certificate.getNotBefore().toInstant();
    Instant until = certificate.getNotAfter().toInstant();
    String end = Certificates.date(until);
    if (now.isAfter(until)) {
      return new Problem(
          Severity.ERROR, subject, what + " expired on " + end + ". Import a new one.");
    }
    if (now.isBefore(from)) {
      return new Problem(
          Severity.ERROR,
          subject,
          "%s is valid only from %s on. If that is past, the gateway's clock is wrong: set it."
              .formatted(what, Certificates.date(from)));
    }
    Duration left = Duration.between(now, until);
    // What was made for 90 days or less is not to be planned for during most of its life.
    boolean plan = Duration.between(from, until).compareTo(PLANNED_LIFE) > 0;
    return days(left, URGENT_DAYS)
        .or(() -> days(left, WARN_DAYS))
        .or(() -> plan ? days(left, SOON_DAYS) : Optional.empty())
        .map(
            days ->
                new Problem(
                    Severity.WARNING,
                    subject,
                    "%s expires on %s, in less than %d days. %s"
                        .formatted(what, end, days, advice(days))))
        .orElse(null);
  }

  private static Optional<Integer> days(Duration left, int days) {
    return left.compareTo(Duration.ofDays(days)) <= 0 ? Optional.of(days) : Optional.empty();
  }

  private static String advice(int days) {
    return switch (days) {
      case URGENT_DAYS -> "Import a new one now: afterwards connections are refused.";
      case WARN_DAYS -> "Have a new one made and import it.";
      default -> "Plan for a new one.";
    };
  }
}
