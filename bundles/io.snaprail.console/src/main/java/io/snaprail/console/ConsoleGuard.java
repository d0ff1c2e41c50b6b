package io.snaprail.console;

import io.snaprail.api.audit.Actor;
import io.snaprail.api.audit.AuditEvent;
import io.snaprail.api.audit.AuditLog;
import io.snaprail.api.audit.AuditUnavailableException;
import io.snaprail.api.security.Accounts;
import io.snaprail.api.security.Principal;
import io.snaprail.api.security.Role;
import io.snaprail.console.internal.access.Caller;
import io.snaprail.console.internal.access.Cookies;
import io.snaprail.console.internal.access.CrossSite;
import io.snaprail.console.internal.access.HostCheck;
import io.snaprail.console.internal.access.LoginForms;
import io.snaprail.console.internal.access.Refusal;
import io.snaprail.console.internal.access.RequestRules;
import io.snaprail.console.internal.access.SecurityHeaders;
import io.snaprail.console.internal.access.Session;
import io.snaprail.console.internal.access.Sessions;
import io.snaprail.console.internal.access.Zone;
import io.snaprail.console.internal.api.Services;
import io.snaprail.console.internal.page.ErrorPage;
import io.snaprail.console.internal.page.ForeignResponse;
import io.snaprail.console.internal.page.GuardedResponse;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.servlet.whiteboard.Preprocessor;

/**
 * Stands before every request, whichever bundle serves it: a whiteboard preprocessor runs before
 * all servlet contexts, Felix Web Console's included. Nothing behind it serves a request that it
 * has not let through, so without it there is no console.
 */
@Component(
    service = Preprocessor.class,
    configurationPid = ConsoleConfig.PID,
    property = "service.ranking:Integer=1000")
public final class ConsoleGuard implements Preprocessor {
  /**
   * Path of the API's event stream: an open page alone is no sign of a person. What a page asks for
   * again and again by itself carries {@link RequestRules#UNATTENDED_HEADER}.
   */
  private static final String EVENTS = "/api/v1/events";

  /** Our entry in Felix Web Console's menu. */
  private static final String PLUGIN = "/system/console/" + PointsPlugin.LABEL;

  /** Forms of people who are not logged in that are read at the same time. */
  private static final int MAX_FORMS = 4;

  private final Services services;
  private final Sessions sessions;
  private final LoginForms forms;
  private final Semaphore formReads = new Semaphore(MAX_FORMS);
  private volatile ConsoleConfig config;

  /** Made at the first request: the name of this machine may take a while to find out. */
  private volatile @Nullable HostCheck hosts;

  /** Made by DS. */
  @Activate
  public ConsoleGuard(
      @Reference Services services,
      @Reference Sessions sessions,
      @Reference LoginForms forms,
      ConsoleConfig config) {
    this.services = services;
    this.sessions = sessions;
    this.forms = forms;
    this.config = config;
  }

  @Modified
  void modified(ConsoleConfig changed) {
    config = changed;
    hosts = null;
  }

  @Override
  public void doFilter(ServletRequest anyRequest, ServletResponse anyResponse, FilterChain chain)
      throws IOException, ServletException {
    HttpServletRequest request = (HttpServletRequest) anyRequest;
    HttpServletResponse response = (HttpServletResponse) anyResponse;
    Zone zone = Zone.of(RequestRules.path(request));
    SecurityHeaders.apply(response, zone);
    try {
      checkAddress(request, zone);
      boolean change = CrossSite.isChange(request, zone);
      checkSite(request, zone, change);
      Caller caller = findCaller(request, zone).orElse(null);
      if (caller == null && zone != Zone.PUBLIC) {
        turnAway(request, response, zone);
        return;
      }
      if (change) {
        checkToken(request, caller);
      }
      Actor.Scope scope = enter(request, caller);
      try {
        if (zone == Zone.FOREIGN) {
          ForeignResponse wrapped = admit(request, response, caller, change);
          if (wrapped != null) {
            chain.doFilter(request, wrapped);
            wrapped.finish();
          }
        } else {
          chain.doFilter(request, new GuardedResponse(request, response, zone));
        }
      } finally {
        scope.close();
      }
    } catch (Refusal refusal) {
      if (request.getContentLengthLong() > 0) {
        // The body was not read, so nothing more can come through this connection.
        response.setHeader("Connection", "close");
      }
      ErrorPage.write(request, response, zone, refusal);
    }
  }

  /** What services audit from here on is done by the caller, not by the gateway. */
  private static Actor.Scope enter(HttpServletRequest request, @Nullable Caller caller) {
    if (caller == null) {
      return () -> {};
    }
    caller.attach(request);
    return new Actor(caller.actor(), request.getRemoteAddr()).enter();
  }

  private void checkAddress(HttpServletRequest request, Zone zone) throws Refusal {
    String host = request.getHeader("Host");
    if (host == null || !hosts().accepts(host)) {
      throw new Refusal(
          421,
          "host",
          "The console does not answer to this host name. Use the gateway's address, or add the"
              + " name to \"names\" in config/"
              + ConsoleConfig.PID
              + ".json.");
    }
    RequestRules.check(request, zone);
    if (!services.accounts().map(Accounts::claimed).orElse(false)
        && !RequestRules.isLocal(request)) {
      throw new Refusal(
          403,
          "unclaimed",
          "Nobody has claimed this gateway yet. That is done on the gateway itself, or through a"
              + " tunnel to it, such as: ssh -L 8443:127.0.0.1:8443 gateway");
    }
  }

  private static void checkSite(HttpServletRequest request, Zone zone, boolean change)
      throws Refusal {
    boolean bearer = request.getHeader("Authorization") != null && zone == Zone.API;
    if (bearer) {
      return;
    }
    if (change) {
      CrossSite.checkChange(request);
    } else {
      CrossSite.checkRead(request);
    }
  }

  private HostCheck hosts() {
    HostCheck known = hosts;
    if (known == null) {
      known = new HostCheck(HostNames.accepted(config));
      hosts = known;
    }
    return known;
  }

  private Optional<Caller> findCaller(HttpServletRequest request, Zone zone) throws Refusal {
    String authorization = request.getHeader("Authorization");
    if (authorization != null && zone == Zone.API) {
      return Optional.of(new Caller(verifyBearer(authorization), null));
    }
    boolean use =
        !RequestRules.path(request).equals(EVENTS)
            && request.getHeader(RequestRules.UNATTENDED_HEADER) == null;
    return Cookies.find(request, Sessions.COOKIE)
        .flatMap(id -> sessions.find(id, use))
        .map(session -> new Caller(session.principal(), session));
  }

  private Principal verifyBearer(String authorization) throws Refusal {
    String scheme = "Bearer ";
    Optional<Principal> principal =
        authorization.regionMatches(true, 0, scheme, 0, scheme.length())
            ? services
                .tokens()
                .orElseThrow(() -> RequestRules.starting("access tokens"))
                .verify(authorization.substring(scheme.length()).strip())
            : Optional.empty();
    return principal.orElseThrow(
        () ->
            new Refusal(
                401,
                "token",
                "The access token is not valid. Make one on the console's Tokens page and send it"
                    + " as: Authorization: Bearer srt_...",
                Map.of("WWW-Authenticate", "Bearer realm=\"snaprail\"")));
  }

  /** What carries a session's cookie must carry its token too; forms to log in have their own. */
  private void checkToken(HttpServletRequest request, @Nullable Caller caller) throws Refusal {
    boolean valid;
    if (caller == null) {
      String cookie = Cookies.find(request, LoginForms.COOKIE).orElse(null);
      valid = cookie != null && forms.matches(cookie, tokenOfStranger(request));
    } else {
      Session session = caller.session();
      valid = session == null || session.csrfMatches(RequestRules.csrfToken(request));
    }
    if (!valid) {
      throw new Refusal(
          403,
          "csrf",
          "This request was refused: it does not carry the token of your session. Reload the page"
              + " and try again.");
    }
  }

  /** Reads the whole form, which takes a thread for as long as whoever sends it likes. */
  private String tokenOfStranger(HttpServletRequest request) throws Refusal {
    if (!formReads.tryAcquire()) {
      throw new Refusal(
          503,
          "busy",
          "Too many forms are coming in right now. Try again in a moment.",
          Map.of("Retry-After", "2"));
    }
    try {
      return RequestRules.csrfToken(request);
    } finally {
      formReads.release();
    }
  }

  /** Nobody is logged in. */
  private void turnAway(HttpServletRequest request, HttpServletResponse response, Zone zone)
      throws Refusal {
    if (zone == Zone.API) {
      throw new Refusal(
          401,
          "login",
          "Log in to the console, or send an access token as: Authorization: Bearer srt_...",
          Map.of("WWW-Authenticate", "Bearer realm=\"snaprail\""));
    }
    if (!CrossSite.isSafe(request.getMethod())) {
      throw new Refusal(403, "login", "Your session is over. Log in and try again.");
    }
    boolean claimed = services.accounts().map(Accounts::claimed).orElse(true);
    String wanted = request.getRequestURI();
    String query = request.getQueryString();
    String next = query == null ? wanted : wanted + "?" + query;
    response.setStatus(HttpServletResponse.SC_SEE_OTHER);
    response.setHeader(
        "Location",
        claimed ? "/login?next=" + URLEncoder.encode(next, StandardCharsets.UTF_8) : "/claim");
  }

  /** The response for a page that we did not write; null when the answer is there already. */
  private @Nullable ForeignResponse admit(
      HttpServletRequest request,
      HttpServletResponse response,
      @Nullable Caller caller,
      boolean change)
      throws Refusal {
    Session session = caller == null ? null : caller.session();
    if (caller == null || session == null || !caller.principal().role().includes(Role.ADMIN)) {
      throw new Refusal(
          403, "role", "This page is for administrators. Log in as one, or go back to Points.");
    }
    if (RequestRules.path(request).equals(PLUGIN)) {
      response.setStatus(HttpServletResponse.SC_SEE_OTHER);
      response.setHeader("Location", "/points");
      return null;
    }
    if (change) {
      audit(request, caller);
    }
    return new ForeignResponse(request, response, session.csrfToken());
  }

  private void audit(HttpServletRequest request, Caller caller) throws Refusal {
    AuditLog log = services.audit().orElse(null);
    try {
      if (log != null) {
        log.record(
            new AuditEvent(
                AuditEvent.Action.CONSOLE,
                caller.actor(),
                request.getRemoteAddr(),
                RequestRules.path(request),
                "attempt",
                Map.of("method", request.getMethod())));
        return;
      }
    } catch (AuditUnavailableException e) {
      throw new Refusal(
          503, "audit", "Nothing was changed: the audit log cannot be written. " + e.getMessage());
    }
    throw new Refusal(
        503,
        "audit",
        "Nothing was changed: the audit log is not running. Look at the health page.");
  }
}
