package io.snaprail.api.audit;

/** The audit log cannot be written, so the change that was to be recorded is refused. */
public final class AuditUnavailableException extends Exception {
  private static final long serialVersionUID = 1L;

  /** The message names the file and what to do. */
  public AuditUnavailableException(String message, Throwable cause) {
    super(message, cause);
  }
}
