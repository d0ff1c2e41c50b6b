package io.snaprail.certificates;

import io.snaprail.api.certificate.CertificateIssuer;
import io.snaprail.api.certificate.CertificateRotations;
import io.snaprail.api.certificate.CertificateStoreException;
import io.snaprail.api.certificate.SigningOrder;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.stream.Collectors;

/** Who signs: services that come and go, and the gateway's own authorities. */
final class Issuers {
  private final CertificateAuthoritiesComponent authorities;

  /** By service.id: of two of a name the older one serves. */
  private final Map<Long, Named> services = new ConcurrentSkipListMap<>();

  private record Named(String name, CertificateIssuer issuer) {}

  Issuers(CertificateAuthoritiesComponent authorities) {
    this.authorities = authorities;
  }

  void add(CertificateIssuer issuer, Map<String, Object> properties) {
    if (properties.get(CertificateIssuer.NAME) instanceof String name) {
      services.put(id(properties), new Named(name, issuer));
    }
  }

  void remove(Map<String, Object> properties) {
    services.remove(id(properties));
  }

  private static long id(Map<String, Object> properties) {
    return properties.get("service.id") instanceof Long id ? id : -1;
  }

  Set<String> names() {
    return services.values().stream()
        .map(Named::name)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  Optional<CertificateIssuer> find(String name) {
    if (name.startsWith(CertificateRotations.AUTHORITY)) {
      String authority = name.substring(CertificateRotations.AUTHORITY.length());
      return Optional.of(new Own(authorities, authority));
    }
    return services.values().stream()
        .filter(named -> named.name().equals(name))
        .map(Named::issuer)
        .findFirst();
  }

  /** An authority of this gateway. */
  private record Own(CertificateAuthoritiesComponent authorities, String name)
      implements CertificateIssuer {
    @Override
    public CompletionStage<String> issue(SigningOrder order) {
      try {
        return CompletableFuture.completedFuture(authorities.renew(name, order));
      } catch (CertificateStoreException failure) {
        return CompletableFuture.failedFuture(failure);
      }
    }

    /** It keeps no list of those that are not valid any more: nobody would ask for it. */
    @Override
    public CompletionStage<Void> retired(String identity, String fingerprint) {
      return CompletableFuture.completedFuture(null);
    }
  }
}
