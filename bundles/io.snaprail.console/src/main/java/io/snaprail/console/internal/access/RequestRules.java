package io.snaprail.console.internal.access;

import jakarta.servlet.http.HttpServletRequest;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** What a request must be like, whoever sends it. */
public final class RequestRules {
  /** Header with the session's token. */
  public static final String CSRF_HEADER = "X-Snaprail-Csrf";

  /** Header of requests that a page sends without anybody doing anything. */
  public static final String UNATTENDED_HEADER = "X-Snaprail-Unattended";

  /** Field of a form with the session's token. */
  public static final String CSRF_FIELD = "_csrf";

  private static final Set<String> METHODS =
      Set.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE");

  private RequestRules() {}

  /** The decoded path, as it is used for dispatching. */
  public static String path(HttpServletRequest request) {
    String servlet = request.getServletPath();
    String info = request.getPathInfo();
    String path = (servlet == null ? "" : servlet) + (info == null ? "" : info);
    // A servlet that serves whatever no other does is told of the root as an empty path.
    return path.isEmpty() ? "/" : path;
  }

  /** Refuses methods that nothing here takes, and bodies that are too large. */
  public static void check(HttpServletRequest request, Zone zone) throws Refusal {
    if (!METHODS.contains(request.getMethod())) {
      throw new Refusal(
          405,
          "method",
          "The console does not take this method.",
          Map.of("Allow", "GET, HEAD, POST, PUT, PATCH, DELETE"));
    }
    if (request.getHeader("Transfer-Encoding") != null) {
      throw new Refusal(
          411, "length", "Send the body with its length (Content-Length), not in chunks.");
    }
    if (CrossSite.isSafe(request.getMethod()) && request.getContentLengthLong() > 0) {
      throw new Refusal(400, "body", "A request that only reads has no body.");
    }
    long limit = zone.maxBodyBytes(path(request), isMultipart(request));
    if (request.getContentLengthLong() > limit) {
      throw new Refusal(
          413,
          "too_large",
          "The body has "
              + request.getContentLengthLong()
              + " bytes; this address takes "
              + limit
              + " at most.");
    }
  }

  /** Whether a request comes from the gateway itself. */
  public static boolean isLocal(HttpServletRequest request) {
    try {
      // An address, never a name: nothing is looked up.
      return InetAddress.getByName(request.getRemoteAddr()).isLoopbackAddress();
    } catch (UnknownHostException e) {
      return false;
    }
  }

  /** The token that a change carries; empty when there is none. Never taken from the address. */
  public static String csrfToken(HttpServletRequest request) {
    String header = request.getHeader(CSRF_HEADER);
    if (header != null) {
      return header;
    }
    String type = request.getContentType();
    String query = request.getQueryString();
    boolean form =
        type != null && type.toLowerCase(Locale.ROOT).startsWith("application/x-www-form-urlenc");
    if (!form
        || CrossSite.isSafe(request.getMethod())
        || (query != null && query.contains(CSRF_FIELD))) {
      return "";
    }
    String field = request.getParameter(CSRF_FIELD);
    return field == null ? "" : field;
  }

  /** A part of the gateway is not there yet, or just being replaced. */
  public static Refusal starting(String part) {
    return new Refusal(
        503,
        "starting",
        "The gateway is starting: " + part + " not ready yet. Try again in a moment.",
        Map.of("Retry-After", "2"));
  }

  private static boolean isMultipart(HttpServletRequest request) {
    String type = request.getContentType();
    return type != null && type.toLowerCase(Locale.ROOT).startsWith("multipart/form-data");
  }
}
