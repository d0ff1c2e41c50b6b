package io.snaprail.api.console;

import io.snaprail.api.security.Principal;
import java.util.Map;
import java.util.Optional;

/**
 * A call that has been let in.
 *
 * @param parameters the variable parts of the path
 * @param query the part of the address behind {@code ?}; the first of equal names
 * @param type media type of the body in small letters, without parameters; empty when there is none
 * @param body at most {@link ConsoleExtension#MAX_BODY_BYTES}; with the type {@code
 *     application/json} one object, strictly as in RFC 8259; empty when there is none
 * @param caller who sends it
 * @param actor the caller's name for the audit log: a token's stands behind {@code token:}
 * @param origin address that it comes from
 */
public record ConsoleRequest(
    Map<String, String> parameters,
    Map<String, String> query,
    String type,
    String body,
    Principal caller,
    String actor,
    String origin) {
  /** Copies the maps. */
  public ConsoleRequest {
    parameters = Map.copyOf(parameters);
    query = Map.copyOf(query);
  }

  /**
   * A variable part of the path.
   *
   * @throws IllegalArgumentException when the call's path has none of that name
   */
  public String parameter(String name) {
    String value = parameters.get(name);
    if (value == null) {
      throw new IllegalArgumentException("this call has no parameter " + name);
    }
    return value;
  }

  /** A part of the query, if it is there. */
  public Optional<String> query(String name) {
    return Optional.ofNullable(query.get(name));
  }
}
