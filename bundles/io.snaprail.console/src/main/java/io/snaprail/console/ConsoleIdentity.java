package io.snaprail.console;

import io.snaprail.api.certificate.CertificateStore;
import io.snaprail.api.certificate.CertificateStoreException;
import io.snaprail.api.certificate.IdentityInfo;
import io.snaprail.api.certificate.KeyType;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * The console's own identity. What we signed ourselves is renewed before it ends and when it lacks
 * a configured name; what someone imported is left alone.
 */
final class ConsoleIdentity {
  /** Name in the certificate store. */
  static final String NAME = "console";

  /** Browsers refuse server certificates that are valid for longer than about this. */
  private static final Duration VALIDITY = Duration.ofDays(820);

  private static final Duration RENEW_BEFORE = Duration.ofDays(30);

  private final CertificateStore store;
  private final Clock clock;

  ConsoleIdentity(CertificateStore store, Clock clock) {
    this.store = store;
    this.clock = clock;
  }

  /** Makes or renews the identity if need be. */
  void ensure(Set<String> names) throws CertificateStoreException {
    IdentityInfo known = store.active(NAME).orElse(null);
    if (known == null || (selfSigned(known) && (endsSoon(known) || !covers(known, names)))) {
      store.createSelfSigned(
          NAME, KeyType.EC_P256, "CN=Snaprail console,O=Snaprail", List.copyOf(names), VALIDITY);
    }
  }

  private static boolean selfSigned(IdentityInfo identity) {
    return identity.issuer().equals(identity.subject());
  }

  private boolean endsSoon(IdentityInfo identity) {
    Instant end = identity.notAfter();
    return end != null && clock.instant().isAfter(end.minus(RENEW_BEFORE));
  }

  private static boolean covers(IdentityInfo identity, Set<String> names) {
    List<String> certified =
        identity.alternativeNames().stream().map(ConsoleIdentity::canonical).toList();
    return names.stream().map(ConsoleIdentity::canonical).allMatch(certified::contains);
  }

  /** The long and the short form of the IPv6 loopback address are the same name. */
  private static String canonical(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    return lower.equals("0:0:0:0:0:0:0:1") ? "::1" : lower;
  }
}
