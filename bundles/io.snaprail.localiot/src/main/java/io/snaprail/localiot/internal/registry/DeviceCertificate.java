package io.snaprail.localiot.internal.registry;

import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A certificate that the registry knows.
 *
 * @param issued what never changes
 * @param state whether clients may use it
 * @param things names of the things it is attached to
 * @param policies names of the policies that are attached to it, at most 10
 */
public record DeviceCertificate(
    Issued issued, State state, Set<String> things, Set<String> policies) {

  /** Copies the sets. */
  public DeviceCertificate {
    things = Set.copyOf(things);
    policies = Set.copyOf(policies);
  }

  /**
   * What never changes.
   *
   * @param id SHA-256 of its DER in hex, 64 characters
   * @param pem the certificate
   * @param authority id of the certificate of the authority that issued it; empty when it was
   *     registered without one
   * @param registered when the registry got it
   */
  public record Issued(String id, String pem, String authority, Instant registered) {}

  /**
   * Whether clients may use it.
   *
   * @param status whether clients may use it
   * @param since when it came into this status
   * @param transfer the transfer that waits for an answer; null when there is none
   */
  public record State(Status status, Instant since, @Nullable Transfer transfer) {
    /** Checks that a transfer is there exactly while one is pending. */
    public State {
      if ((status == Status.PENDING_TRANSFER) != (transfer != null)) {
        throw new IllegalArgumentException("status " + status + " with transfer " + transfer);
      }
    }
  }

  /**
   * A transfer to another account that waits for an answer.
   *
   * @param account twelve digits
   * @param message for the other side
   */
  public record Transfer(String account, String message) {}

  /** A certificate that is attached to nothing yet. */
  public static DeviceCertificate of(
      X509Certificate certificate, String authority, Status status, Instant now) {
    return new DeviceCertificate(
        new Issued(Certificates.id(certificate), Certificates.pem(certificate), authority, now),
        new State(status, now, null),
        Set.of(),
        Set.of());
  }

  /** SHA-256 of its DER in hex, 64 characters. */
  public String id() {
    return issued.id();
  }

  /** The certificate. */
  public String pem() {
    return issued.pem();
  }

  /** Id of the certificate of the authority that issued it; empty when there is none. */
  public String authority() {
    return issued.authority();
  }

  /** Whether clients may use it. */
  public Status status() {
    return state.status();
  }

  /** The same with another status. */
  public DeviceCertificate withStatus(Status changed, Instant now) {
    return withState(new State(changed, now, null));
  }

  DeviceCertificate withState(State changed) {
    return new DeviceCertificate(issued, changed, things, policies);
  }

  /** The same, attached to these things. */
  public DeviceCertificate withThings(Set<String> changed) {
    return new DeviceCertificate(issued, state, changed, policies);
  }

  /** The same with these policies. */
  public DeviceCertificate withPolicies(Set<String> changed) {
    return new DeviceCertificate(issued, state, things, changed);
  }

  /** States of a certificate. */
  public enum Status {
    /** Clients may connect with it. */
    ACTIVE,
    /** Switched off; can be switched on again. */
    INACTIVE,
    /** Switched off for good. */
    REVOKED,
    /** Waits for another account to take it. */
    PENDING_TRANSFER,
    /** Came by itself or by fleet provisioning, and waits for being activated. */
    PENDING_ACTIVATION
  }
}
