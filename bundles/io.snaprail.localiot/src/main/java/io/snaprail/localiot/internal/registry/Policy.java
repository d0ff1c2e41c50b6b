package io.snaprail.localiot.internal.registry;

import io.snaprail.localiot.internal.limits.Quotas;
import io.snaprail.localiot.internal.policy.PolicyDocument;
import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * A policy with its versions.
 *
 * @param name 1..128 letters, digits, {@code _+=,.@-}
 * @param versions 1..5 by number
 * @param defaultVersion number of the version that counts
 * @param lastVersion highest number that was ever given: numbers never come again
 */
public record Policy(
    String name, NavigableMap<Integer, Version> versions, int defaultVersion, int lastVersion) {

  /** Checks that there is a default version and not too many. */
  public Policy {
    Names.requirePolicy(name);
    versions = Collections.unmodifiableNavigableMap(new TreeMap<>(versions));
    if (!versions.containsKey(defaultVersion)) {
      throw new IllegalArgumentException(
          "policy '%s': its default version %d is unknown".formatted(name, defaultVersion));
    }
    if (versions.size() > Quotas.POLICY_VERSIONS || versions.lastKey() > lastVersion) {
      throw new IllegalArgumentException(
          "policy '%s': expected at most %d versions, none above %d, found %s"
              .formatted(name, Quotas.POLICY_VERSIONS, lastVersion, versions.keySet()));
    }
  }

  /**
   * A version.
   *
   * @param document what it says
   * @param created when it was made
   */
  public record Version(PolicyDocument document, Instant created) {}

  static Policy first(String name, PolicyDocument document, Instant created) {
    return new Policy(name, new TreeMap<>(Map.of(1, new Version(document, created))), 1, 1);
  }

  /** What counts. */
  public PolicyDocument document() {
    Version version = versions.get(defaultVersion);
    if (version == null) {
      throw new IllegalStateException("policy '" + name + "' has lost its default version");
    }
    return version.document();
  }

  Policy withVersion(PolicyDocument document, Instant created, boolean asDefault) {
    NavigableMap<Integer, Version> more = new TreeMap<>(versions);
    int number = lastVersion + 1;
    more.put(number, new Version(document, created));
    return new Policy(name, more, asDefault ? number : defaultVersion, number);
  }

  Policy withDefault(int version) {
    return new Policy(name, versions, version, lastVersion);
  }

  Policy withoutVersion(int version) {
    NavigableMap<Integer, Version> fewer = new TreeMap<>(versions);
    fewer.remove(version);
    return new Policy(name, fewer, defaultVersion, lastVersion);
  }

  /** The same with only one version, this document. */
  Policy replaced(PolicyDocument document, Instant created) {
    return document().text().equals(document.text())
        ? this
        : new Policy(
            name,
            new TreeMap<>(Map.of(lastVersion + 1, new Version(document, created))),
            lastVersion + 1,
            lastVersion + 1);
  }
}
