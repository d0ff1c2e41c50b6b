package io.snaprail.api.driver;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A read or write that failed, in the five kinds that the rest of the gateway tells apart. The
 * message names the endpoint, the operation, what was expected and what came, and is shown to
 * people as it is.
 */
public final class DriverException extends Exception {
  private static final long serialVersionUID = 1L;

  /** Who or what is at fault, which decides what is done next. */
  public enum Kind {
    /** The device or the line is away; trying again may help. */
    TRANSIENT,
    /** The device answered and refused. */
    DEVICE,
    /** What came is not an answer to what was asked. */
    PROTOCOL,
    /** The request can never work as configured. */
    CONFIGURATION,
    /** Authentication or a certificate failed. */
    SECURITY
  }

  /** The kind of fault. */
  private final Kind kind;

  /** Whether the request may have reached the device. */
  private final boolean sent;

  private DriverException(Kind kind, boolean sent, String message, @Nullable Throwable cause) {
    super(Objects.requireNonNull(message, "message"), cause);
    this.kind = Objects.requireNonNull(kind, "kind");
    this.sent = sent;
  }

  /** The device cannot be reached: nothing was sent. */
  public static DriverException unreachable(String message, @Nullable Throwable cause) {
    return new DriverException(Kind.TRANSIENT, false, message, cause);
  }

  /** The request was sent and no answer came in time: a write may have been carried out. */
  public static DriverException noAnswer(String message, @Nullable Throwable cause) {
    return new DriverException(Kind.TRANSIENT, true, message, cause);
  }

  /** The device answered that it will not or cannot. */
  public static DriverException refused(String message) {
    return new DriverException(Kind.DEVICE, true, message, null);
  }

  /** An answer came that does not belong to the request or is malformed. */
  public static DriverException wrongAnswer(String message, @Nullable Throwable cause) {
    return new DriverException(Kind.PROTOCOL, true, message, cause);
  }

  /** The request can never work, such as a value that does not fit its register. */
  public static DriverException configuration(String message) {
    return new DriverException(Kind.CONFIGURATION, false, message, null);
  }

  /** Authentication failed, or a certificate was refused. */
  public static DriverException security(String message, @Nullable Throwable cause) {
    return new DriverException(Kind.SECURITY, false, message, cause);
  }

  /** The kind of fault. */
  public Kind kind() {
    return kind;
  }

  /** Whether the request may have reached the device: if so, a failed write may have happened. */
  public boolean sent() {
    return sent;
  }
}
