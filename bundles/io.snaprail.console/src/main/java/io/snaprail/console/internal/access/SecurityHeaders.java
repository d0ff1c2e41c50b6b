package io.snaprail.console.internal.access;

import jakarta.servlet.http.HttpServletResponse;
import java.util.Locale;
import java.util.Map;
import java.util.function.BiConsumer;

/**
 * Headers of every response. Felix's own pages use inline script, so their policy allows it; ours
 * do not.
 */
public final class SecurityHeaders {
  /** For our pages and the API. */
  public static final String STRICT_CSP =
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self';"
          + " form-action 'self'; base-uri 'none'; object-src 'none'; frame-ancestors 'none'";

  /** For pages that we did not write. */
  public static final String FOREIGN_CSP =
      "default-src 'none'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self'"
          + " 'unsafe-inline'; img-src 'self' data:; font-src 'self'; connect-src 'self';"
          + " form-action 'self'; base-uri 'none'; object-src 'none'; frame-ancestors 'none'";

  private static final String CSP = "content-security-policy";

  private static final Map<String, String> COMMON =
      Map.of(
          "x-content-type-options", "nosniff",
          "referrer-policy", "no-referrer",
          "strict-transport-security", "max-age=31536000",
          "cross-origin-opener-policy", "same-origin",
          "cross-origin-resource-policy", "same-origin",
          "cache-control", "no-store");

  private SecurityHeaders() {}

  /** Puts the headers of a zone on a response. */
  public static void apply(HttpServletResponse response, Zone zone) {
    COMMON.forEach(response::setHeader);
    response.setHeader(CSP, zone == Zone.FOREIGN ? FOREIGN_CSP : STRICT_CSP);
  }

  /** Puts the strict headers on an answer that no servlet gives. */
  public static void apply(BiConsumer<String, String> headers) {
    COMMON.forEach(headers);
    headers.accept(CSP, STRICT_CSP);
  }

  /** Whether pages that we did not write must not touch the header. */
  public static boolean isProtected(String header) {
    String name = header.toLowerCase(Locale.ROOT);
    return COMMON.containsKey(name) || name.equals(CSP);
  }
}
