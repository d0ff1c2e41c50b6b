package io.snaprail.api.serial;

import io.snaprail.api.driver.DriverException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A port that cannot be had or used. The message names the port, what was found and what to do
 * about it, and is shown to people as it is.
 */
public final class SerialException extends Exception {
  private static final long serialVersionUID = 1L;

  /** What went wrong, which decides what helps. */
  public enum Kind {
    /** There is no such port now; it may be plugged in later. */
    NOT_FOUND,
    /** The account of the gateway may not open it. */
    PERMISSION,
    /** Another holder, or another program, has it. */
    IN_USE,
    /** The port refuses a setting; trying again does not help. */
    SETTINGS,
    /** It went away while it was open: unplugged, or the far side hung up. */
    LOST,
    /** Bytes could not be sent, or a remote port not be reached, in time. */
    TIMEOUT,
    /** What came is not what the line or the protocol of a remote port must give. */
    PROTOCOL,
    /** The connection or lease was closed, or the thread interrupted. */
    CLOSED,
    /** The gateway's own support for serial ports does not work on this machine. */
    UNAVAILABLE
  }

  /** What went wrong. */
  private final Kind kind;

  /**
   * Makes one.
   *
   * @param kind what went wrong
   * @param message for people
   */
  public SerialException(Kind kind, String message) {
    this(kind, message, null);
  }

  /**
   * Makes one with its cause.
   *
   * @param kind what went wrong
   * @param message for people
   * @param cause what told of it, if anything did
   */
  public SerialException(Kind kind, String message, @Nullable Throwable cause) {
    super(Objects.requireNonNull(message, "message"), cause);
    this.kind = Objects.requireNonNull(kind, "kind");
  }

  /** What went wrong. */
  public Kind kind() {
    return kind;
  }

  /**
   * The same failure as a driver tells it to the core.
   *
   * @param sent whether any byte of the request may have been sent: if so, a write may have
   *     happened
   */
  public DriverException toDriverException(boolean sent) {
    String message = String.valueOf(getMessage());
    return switch (kind) {
      case SETTINGS -> DriverException.configuration(message);
      case PROTOCOL -> DriverException.wrongAnswer(message, this);
      default ->
          sent
              ? DriverException.noAnswer(message, this)
              : DriverException.unreachable(message, this);
    };
  }
}
