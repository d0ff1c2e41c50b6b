package io.snaprail.api.console;

import io.snaprail.api.security.Role;
import java.util.Objects;
import java.util.Set;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * A call of an extension, at {@code /api/v1/ext/NAME/PATH}. It stands in the API's description with
 * its summary.
 *
 * @param method {@code GET}, {@code POST}, {@code PUT}, {@code PATCH} or {@code DELETE}
 * @param path 1..8 parts, each of {@code [a-z0-9-]} or one <code>{name}</code> that takes any text
 *     without a slash
 * @param role who may use it
 * @param changes whether it changes something: then a line of the audit log is on disk before it is
 *     made
 * @param summary what it does, for people: 1..120 characters
 * @param handler makes it
 */
public record ConsoleCall(
    String method, String path, Role role, boolean changes, String summary, Handler handler) {
  private static final Set<String> METHODS = Set.of("GET", "POST", "PUT", "PATCH", "DELETE");

  /** Checks the ranges. */
  public ConsoleCall {
    if (!METHODS.contains(method)) {
      throw new IllegalArgumentException(
          "call " + path + ": expected one of " + METHODS + ", found '" + method + "'");
    }
    Names.require("call", path, Names.CALL);
    Objects.requireNonNull(role, "role");
    if (summary.isBlank() || summary.length() > 120) {
      throw new IllegalArgumentException(
          "call " + path + ": expected a summary of 1..120 characters, found '" + summary + "'");
    }
    if (method.equals("GET") && changes) {
      throw new IllegalArgumentException("call " + path + ": a GET changes nothing");
    }
    Objects.requireNonNull(handler, "handler");
  }

  /** Makes a call. */
  @ConsumerType
  @FunctionalInterface
  public interface Handler {
    /**
     * Answers. Runs on a thread that others wait for: returns within a second, or answers with
     * {@link ConsoleAnswer#later}. May be called by several threads at once.
     *
     * @throws ConsoleException when the call is not served; the caller gets code and message
     */
    ConsoleAnswer answer(ConsoleRequest request) throws ConsoleException;
  }

  /** A {@code GET}. */
  public static ConsoleCall read(String path, Role role, String summary, Handler handler) {
    return new ConsoleCall("GET", path, role, false, summary, handler);
  }

  /** A {@code POST} that changes nothing: what is asked does not fit into an address. */
  public static ConsoleCall ask(String path, Role role, String summary, Handler handler) {
    return new ConsoleCall("POST", path, role, false, summary, handler);
  }

  /** A call that changes something. */
  public static ConsoleCall change(
      String method, String path, Role role, String summary, Handler handler) {
    return new ConsoleCall(method, path, role, true, summary, handler);
  }
}
