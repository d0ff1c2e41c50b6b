package io.snaprail.console.internal.api;

import io.snaprail.api.security.Role;
import io.snaprail.console.internal.access.Refusal;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Which handler serves which method and path. */
public final class Router {
  private final List<Route> routes = new ArrayList<>();

  /** Serves a route. */
  @FunctionalInterface
  public interface Handler {
    /**
     * Answers.
     *
     * @throws Refusal when the request is not served
     */
    Reply handle(ApiRequest request) throws Refusal, IOException;
  }

  /**
   * A route.
   *
   * @param method in capitals
   * @param pattern path with <code>{name}</code> for its variable parts, as in OpenAPI
   * @param role who may use it
   * @param handler serves it
   * @param below whether its last variable part takes the rest of the path
   */
  public record Route(String method, String pattern, Role role, Handler handler, boolean below) {}

  /**
   * A route that fits a request.
   *
   * @param parameters the variable parts of the path
   */
  public record Match(Route route, Map<String, String> parameters) {}

  /** Adds a route. */
  public Router add(String method, String pattern, Role role, Handler handler) {
    routes.add(new Route(method, pattern, role, handler, false));
    return this;
  }

  /**
   * Adds a route whose last variable part takes the rest of the path, with its slashes, for each
   * method.
   */
  public Router addBelow(String pattern, Role role, Handler handler, String... methods) {
    for (String method : methods) {
      routes.add(new Route(method, pattern, role, handler, true));
    }
    return this;
  }

  /** Every route. */
  public List<Route> routes() {
    return List.copyOf(routes);
  }

  /** Finds the route of a request; {@code HEAD} is served as {@code GET}. */
  public Match match(String method, String path) throws Refusal {
    String wanted = method.equals("HEAD") ? "GET" : method;
    List<Match> fitting = new ArrayList<>();
    for (Route route : routes) {
      Map<String, String> parameters = fit(route.pattern(), path, route.below());
      if (parameters != null) {
        fitting.add(new Match(route, parameters));
      }
    }
    if (fitting.isEmpty()) {
      throw new Refusal(
          404,
          "not_found",
          "There is no " + path + " in the API; see /api/v1/openapi.json for what there is.");
    }
    for (Match match : fitting) {
      if (match.route().method().equals(wanted)) {
        return match;
      }
    }
    String allowed =
        fitting.stream().map(m -> m.route().method()).distinct().collect(Collectors.joining(", "));
    throw new Refusal(
        405,
        "method",
        path + " takes " + allowed + ", not " + method + ".",
        Map.of("Allow", allowed));
  }

  /**
   * The variable parts of a path that fits a pattern.
   *
   * @param below whether the last one takes the rest
   * @return null when it does not fit
   */
  public static @Nullable Map<String, String> fit(String pattern, String path, boolean below) {
    String[] wanted = pattern.split("/", -1);
    String[] given = path.split("/", below ? wanted.length : -1);
    if (wanted.length != given.length) {
      return null;
    }
    Map<String, String> parameters = new LinkedHashMap<>();
    for (int i = 0; i < wanted.length; i++) {
      if (wanted[i].startsWith("{") && !given[i].isEmpty()) {
        parameters.put(wanted[i].substring(1, wanted[i].length() - 1), given[i]);
      } else if (!wanted[i].equals(given[i])) {
        return null;
      }
    }
    return parameters;
  }
}
