package io.snaprail.localiot.internal.registry;

import java.util.Set;
import java.util.TreeSet;

/**
 * A certificate that the registry knows.
 *
 * @param id SHA-256 of its DER in hex, 64 characters
 * @param pem the certificate
 * @param status whether clients may use it
 * @param authority id of the certificate of the authority that issued it
 * @param things names of the things it is attached to
 * @param policies names of the policies that are attached to it, at most 10
 */
public record DeviceCertificate(
    String id,
    String pem,
    Status status,
    String authority,
    Set<String> things,
    Set<String> policies) {

  /** Copies the sets. */
  public DeviceCertificate {
    things = Set.copyOf(things);
    policies = Set.copyOf(policies);
  }

  /** The same with another status. */
  public DeviceCertificate withStatus(Status changed) {
    return new DeviceCertificate(id, pem, changed, authority, things, policies);
  }

  /** The same, attached to one more thing. */
  public DeviceCertificate withThing(String thing) {
    return new DeviceCertificate(id, pem, status, authority, plus(things, thing), policies);
  }

  /** The same with one more policy. */
  public DeviceCertificate withPolicy(String policy) {
    return new DeviceCertificate(id, pem, status, authority, things, plus(policies, policy));
  }

  private static Set<String> plus(Set<String> set, String element) {
    Set<String> more = new TreeSet<>(set);
    more.add(element);
    return more;
  }

  /** States of a certificate. */
  public enum Status {
    /** Clients may connect with it. */
    ACTIVE,
    /** Switched off; can be switched on again. */
    INACTIVE,
    /** Switched off for good. */
    REVOKED,
    /** Made by fleet provisioning and not yet provisioned. */
    PENDING_ACTIVATION
  }
}
