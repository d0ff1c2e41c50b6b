package io.snaprail.localiot.internal.registry;

import io.snaprail.localiot.internal.limits.Quotas;
import io.snaprail.localiot.internal.policy.PolicyDocument;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * Everything the registry knows at one moment: relations always fit together, because it is
 * replaced as a whole.
 *
 * @param things by name
 * @param certificates by id
 * @param policies by name
 */
public record RegistryState(
    Map<String, Thing> things,
    Map<String, DeviceCertificate> certificates,
    Map<String, PolicyDocument> policies) {

  /** Knows nothing. */
  public static final RegistryState EMPTY = new RegistryState(Map.of(), Map.of(), Map.of());

  /** Copies the maps and checks that every attachment has its other end. */
  public RegistryState {
    things = sorted(things);
    certificates = sorted(certificates);
    policies = sorted(policies);
    for (DeviceCertificate certificate : certificates.values()) {
      requireKnown(certificate.id(), "thing", certificate.things(), things);
      requireKnown(certificate.id(), "policy", certificate.policies(), policies);
      if (certificate.policies().size() > Quotas.POLICIES_PER_CERTIFICATE) {
        throw new IllegalArgumentException(
            "certificate %s: expected at most %d policies, found %d"
                .formatted(
                    certificate.id(),
                    Quotas.POLICIES_PER_CERTIFICATE,
                    certificate.policies().size()));
      }
    }
  }

  /** With a thing made or replaced. */
  public RegistryState with(Thing thing) {
    return new RegistryState(plus(things, thing.name(), thing), certificates, policies);
  }

  /** With a certificate made or replaced. */
  public RegistryState with(DeviceCertificate certificate) {
    return new RegistryState(things, plus(certificates, certificate.id(), certificate), policies);
  }

  /** With a policy made or replaced. */
  public RegistryState withPolicy(String name, PolicyDocument policy) {
    return new RegistryState(things, certificates, plus(policies, name, policy));
  }

  /** The policies that are attached to a certificate. */
  public List<PolicyDocument> policiesOf(DeviceCertificate certificate) {
    return certificate.policies().stream()
        .sorted(Comparator.naturalOrder())
        .map(policies::get)
        .filter(Objects::nonNull)
        .toList();
  }

  private static <T> Map<String, T> sorted(Map<String, T> map) {
    return Collections.unmodifiableMap(new TreeMap<>(map));
  }

  private static <T> Map<String, T> plus(Map<String, T> map, String key, T value) {
    Map<String, T> more = new TreeMap<>(map);
    more.put(key, value);
    return more;
  }

  private static void requireKnown(
      String certificate, String what, Iterable<String> names, Map<String, ?> known) {
    for (String name : names) {
      if (!known.containsKey(name)) {
        throw new IllegalArgumentException(
            "certificate " + certificate + ": is attached to unknown " + what + " '" + name + "'");
      }
    }
  }
}
