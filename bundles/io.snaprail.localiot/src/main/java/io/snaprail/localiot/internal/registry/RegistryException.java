package io.snaprail.localiot.internal.registry;

import org.jspecify.annotations.Nullable;

/** An operation of the registry is refused; named as AWS's API names it. */
public final class RegistryException extends Exception {
  private static final long serialVersionUID = 1L;

  private final Kind kind;

  /**
   * A refusal.
   *
   * @param message shown to people as it is: what was found and what to do
   */
  public RegistryException(Kind kind, String message) {
    this(kind, message, null);
  }

  /** A refusal with what led to it. */
  public RegistryException(Kind kind, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.kind = kind;
  }

  /** What kind of refusal it is. */
  public Kind kind() {
    return kind;
  }

  /** The kinds of refusal (AWS IoT API reference, "Errors" of each operation). */
  public enum Kind {
    /** There is no such thing, certificate, policy, ... */
    RESOURCE_NOT_FOUND("ResourceNotFoundException", 404),
    /** The request cannot be right. */
    INVALID_REQUEST("InvalidRequestException", 400),
    /** The name is taken by something else. */
    RESOURCE_ALREADY_EXISTS("ResourceAlreadyExistsException", 409),
    /** It is still in use. */
    DELETE_CONFLICT("DeleteConflictException", 409),
    /** The certificate's status does not allow it. */
    CERTIFICATE_STATE("CertificateStateException", 406),
    /** The certificate cannot be taken. */
    CERTIFICATE_VALIDATION("CertificateValidationException", 400),
    /** It is not known which authority has signed. */
    CERTIFICATE_CONFLICT("CertificateConflictException", 409),
    /** The verification certificate does not hold the registration code. */
    REGISTRATION_CODE_VALIDATION("RegistrationCodeValidationException", 400),
    /** A quota is used up. */
    LIMIT_EXCEEDED("LimitExceededException", 410),
    /** The policy document cannot be read. */
    MALFORMED_POLICY("MalformedPolicyException", 400),
    /** A policy has as many versions as it may. */
    VERSIONS_LIMIT_EXCEEDED("VersionsLimitExceededException", 409),
    /** Somebody else was faster. */
    VERSION_CONFLICT("VersionConflictException", 409),
    /** The transfer is over. */
    TRANSFER_ALREADY_COMPLETED("TransferAlreadyCompletedException", 410),
    /** The certificate cannot be transferred as it is. */
    TRANSFER_CONFLICT("TransferConflictException", 409),
    /** The endpoint's own fault. */
    INTERNAL_FAILURE("InternalFailureException", 500);

    private final String code;
    private final int status;

    Kind(String code, int status) {
      this.code = code;
      this.status = status;
    }

    /** AWS's name of it. */
    public String code() {
      return code;
    }

    /** Its HTTP status. */
    public int status() {
      return status;
    }
  }

  static RegistryException notFound(String what, String name) {
    return new RegistryException(
        Kind.RESOURCE_NOT_FOUND, "there is no " + what + " '" + name + "'; look at the list");
  }

  static RegistryException invalid(String message) {
    return new RegistryException(Kind.INVALID_REQUEST, message);
  }
}
