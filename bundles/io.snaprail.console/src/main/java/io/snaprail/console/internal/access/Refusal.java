package io.snaprail.console.internal.access;

import io.snaprail.api.security.Principal;
import io.snaprail.api.security.Role;
import java.util.Map;

/** A request is not served. The message is for the person or script that sent it. */
public final class Refusal extends Exception {
  private static final long serialVersionUID = 1L;

  private final int status;
  private final String code;
  private final transient Map<String, String> headers;

  /**
   * A refusal with headers.
   *
   * @param status HTTP status, 400..599
   * @param code short and stable, for scripts, such as {@code csrf}
   * @param message what is wrong and what to do
   * @param headers such as {@code Allow}
   */
  public Refusal(int status, String code, String message, Map<String, String> headers) {
    super(message, null, false, false);
    this.status = status;
    this.code = code;
    this.headers = Map.copyOf(headers);
  }

  /** A refusal. */
  public Refusal(int status, String code, String message) {
    this(status, code, message, Map.of());
  }

  /** A page that is for people with another role. */
  public static Refusal role(Role needed) {
    return new Refusal(
        403,
        "role",
        needed == Role.ADMIN
            ? "This page is for administrators."
            : "This page is for operators and administrators.");
  }

  /** A call that takes another role. */
  public static Refusal role(Role needed, Principal caller) {
    return new Refusal(
        403,
        "role",
        "This takes the role " + needed + "; " + caller.name() + " is " + caller.role() + ".");
  }

  /** HTTP status. */
  public int status() {
    return status;
  }

  /** Short and stable, for scripts. */
  public String code() {
    return code;
  }

  /** Further headers of the answer. */
  public Map<String, String> headers() {
    return headers;
  }

  /** The message; never null. */
  public String text() {
    return String.valueOf(getMessage());
  }
}
