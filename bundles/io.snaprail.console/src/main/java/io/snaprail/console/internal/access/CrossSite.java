package io.snaprail.console.internal.access;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Tells requests of our own pages from those that another site makes a browser send, by {@code
 * Origin} (RFC 6454) and {@code Sec-Fetch-Site} (Fetch Metadata).
 */
public final class CrossSite {
  private static final Set<String> SAFE_METHODS = Set.of("GET", "HEAD");

  /**
   * Parameters with which Felix Web Console 5.0.18 changes something on {@code GET}, or would on
   * {@code POST}: its Configuration page hands {@code GET ?post=true} to its own {@code doPost},
   * and {@code GET} with those of the shutdown shows a page that sends itself. Its own pages send
   * such reads by script only, which adds the token (felix.js knows the same names).
   */
  private static final Set<String> CHANGING_PARAMETERS =
      Set.of(
          "post",
          "apply",
          "delete",
          "create",
          "unbind",
          "action",
          "shutdown_timer",
          "shutdown_type");

  private CrossSite() {}

  /** Whether a request of this method changes nothing. */
  public static boolean isSafe(String method) {
    return SAFE_METHODS.contains(method);
  }

  /**
   * Whether a request is guarded as a change: by its method, or because a page that we did not
   * write takes it for one.
   */
  public static boolean isChange(HttpServletRequest request, Zone zone) {
    if (!isSafe(request.getMethod())) {
      return true;
    }
    // The decoded names, as the page itself sees them; reads have no body, so they are the query's.
    return zone == Zone.FOREIGN
        && (RequestRules.path(request).contains("/logout")
            || request.getParameterMap().keySet().stream().anyMatch(CHANGING_PARAMETERS::contains));
  }

  /**
   * Refuses a change that does not come from one of our own pages.
   *
   * <p>Browsers send {@code Origin: null} with plain forms where the referrer policy is {@code
   * no-referrer}, as it is here; then {@code Sec-Fetch-Site} must vouch for the request.
   */
  public static void checkChange(HttpServletRequest request) throws Refusal {
    String site = request.getHeader("Sec-Fetch-Site");
    String origin = request.getHeader("Origin");
    if (site != null && !site.equals("same-origin")) {
      throw foreign("it comes from another site (Sec-Fetch-Site: " + site + ")");
    }
    if (origin == null || origin.equals("null")) {
      if (site == null) {
        throw foreign("it does not say where it comes from (no Origin and no Sec-Fetch-Site)");
      }
    } else if (!origin.toLowerCase(Locale.ROOT).equals(ownOrigin(request))) {
      throw foreign("it comes from another origin");
    }
  }

  /**
   * Refuses to be read by another site; following a link from elsewhere is fine, as it shows the
   * page to nobody but the person.
   */
  public static void checkRead(HttpServletRequest request) throws Refusal {
    String site = request.getHeader("Sec-Fetch-Site");
    if (site == null || site.equals("same-origin") || site.equals("none")) {
      return;
    }
    if (!"navigate".equals(request.getHeader("Sec-Fetch-Mode"))
        || !"document".equals(request.getHeader("Sec-Fetch-Dest"))) {
      throw foreign("another site asks for it (Sec-Fetch-Site: " + site + ")");
    }
  }

  private static @Nullable String ownOrigin(HttpServletRequest request) {
    String host = request.getHeader("Host");
    if (host == null) {
      return null;
    }
    String origin = "https://" + host.toLowerCase(Locale.ROOT);
    return origin.endsWith(":443") ? origin.substring(0, origin.length() - 4) : origin;
  }

  private static Refusal foreign(String why) {
    return new Refusal(
        403,
        "cross_site",
        "This request was refused: " + why + ". Open the console itself and try again there.");
  }
}
