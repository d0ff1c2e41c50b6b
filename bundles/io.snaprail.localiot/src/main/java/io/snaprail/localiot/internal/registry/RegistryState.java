package io.snaprail.localiot.internal.registry;

import io.snaprail.localiot.internal.limits.Quotas;
import io.snaprail.localiot.internal.policy.PolicyDocument;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

/**
 * Everything the registry knows at one moment: relations always fit together, because it is
 * replaced as a whole.
 *
 * @param tables things, types and groups
 * @param certificates by id
 * @param authorities authorities of others, by id
 * @param policies by name
 * @param registrationCode proves that somebody holds an authority's key; empty before it is asked
 *     for
 */
public record RegistryState(
    ThingTables tables,
    Map<String, DeviceCertificate> certificates,
    Map<String, ClientAuthority> authorities,
    Map<String, Policy> policies,
    String registrationCode) {

  /** Knows nothing. */
  public static final RegistryState EMPTY =
      new RegistryState(ThingTables.EMPTY, Map.of(), Map.of(), Map.of(), "");

  /** Copies the maps and checks that every attachment has its other end. */
  public RegistryState {
    certificates = ThingTables.sorted(certificates);
    authorities = ThingTables.sorted(authorities);
    policies = ThingTables.sorted(policies);
    for (DeviceCertificate certificate : certificates.values()) {
      String who = "certificate " + certificate.id();
      requireKnown(who, "thing", certificate.things(), tables.things());
      requireKnown(who, "policy", certificate.policies(), policies);
      requireFew(who, certificate.policies(), Quotas.POLICIES_PER_CERTIFICATE);
    }
    for (ThingGroup group : tables.groups().values()) {
      String who = "thing group '" + group.name() + "'";
      requireKnown(who, "policy", group.policies(), policies);
      requireFew(who, group.policies(), Quotas.POLICIES_PER_GROUP);
    }
  }

  /** Things by name. */
  public Map<String, Thing> things() {
    return tables.things();
  }

  /** Types of things by name. */
  public Map<String, ThingType> types() {
    return tables.types();
  }

  /** Groups of things by name. */
  public Map<String, ThingGroup> groups() {
    return tables.groups();
  }

  /** With a thing made or replaced. */
  public RegistryState with(Thing thing) {
    return with(tables.with(thing));
  }

  /** With a certificate made or replaced. */
  public RegistryState with(DeviceCertificate certificate) {
    return withCertificates(ThingTables.plus(certificates, certificate.id(), certificate));
  }

  /** With a policy made, or replaced with all its versions. */
  public RegistryState withPolicy(String name, PolicyDocument document, Instant now) {
    Policy old = policies.get(name);
    return with(old == null ? Policy.first(name, document, now) : old.replaced(document, now));
  }

  RegistryState with(Policy policy) {
    return withPolicies(ThingTables.plus(policies, policy.name(), policy));
  }

  RegistryState with(ThingTables changed) {
    return new RegistryState(changed, certificates, authorities, policies, registrationCode);
  }

  RegistryState withCertificates(Map<String, DeviceCertificate> changed) {
    return new RegistryState(tables, changed, authorities, policies, registrationCode);
  }

  RegistryState withAuthorities(Map<String, ClientAuthority> changed) {
    return new RegistryState(tables, certificates, changed, policies, registrationCode);
  }

  RegistryState withPolicies(Map<String, Policy> changed) {
    return new RegistryState(tables, certificates, authorities, changed, registrationCode);
  }

  RegistryState withRegistrationCode(String changed) {
    return new RegistryState(tables, certificates, authorities, policies, changed);
  }

  /** Names of the groups that a thing is directly in. */
  public List<String> groupsOf(String thing) {
    return groups().values().stream()
        .filter(group -> group.things().contains(thing))
        .map(ThingGroup::name)
        .toList();
  }

  /**
   * The policies that count for a certificate: its own, and those of the groups of its things and
   * of the groups above them (AWS IoT Core developer guide, "Static thing groups").
   */
  public List<Policy> policiesOf(DeviceCertificate certificate) {
    Set<String> names = new TreeSet<>(certificate.policies());
    for (ThingGroup group : groups().values()) {
      if (group.things().stream().anyMatch(certificate.things()::contains)) {
        tables.chain(group.name()).forEach(one -> names.addAll(one.policies()));
      }
    }
    return names.stream().map(policies::get).filter(Objects::nonNull).toList();
  }

  private static void requireKnown(
      String who, String what, Collection<String> names, Map<String, ?> known) {
    for (String name : names) {
      if (!known.containsKey(name)) {
        throw new IllegalArgumentException(
            who + ": is attached to unknown " + what + " '" + name + "'");
      }
    }
  }

  private static void requireFew(String who, Collection<String> policies, int most) {
    if (policies.size() > most) {
      throw new IllegalArgumentException(
          "%s: expected at most %d policies, found %d".formatted(who, most, policies.size()));
    }
  }
}
