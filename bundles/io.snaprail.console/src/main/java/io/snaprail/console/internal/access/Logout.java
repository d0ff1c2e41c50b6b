package io.snaprail.console.internal.access;

import io.snaprail.api.audit.AuditEvent;
import io.snaprail.api.audit.AuditUnavailableException;
import io.snaprail.console.internal.api.Services;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Ends sessions. */
@Component(service = Logout.class)
public final class Logout {
  private static final Logger LOG = LoggerFactory.getLogger(Logout.class);

  private final Sessions sessions;
  private final Services services;

  /** Made by DS. */
  @Activate
  public Logout(@Reference Sessions sessions, @Reference Services services) {
    this.sessions = sessions;
    this.services = services;
  }

  /** Ends the session of a request and leads to the form to log in. */
  public void end(HttpServletRequest request, HttpServletResponse response) {
    Caller.of(request).ifPresent(caller -> end(caller, request.getRemoteAddr()));
    Cookies.clear(response, Sessions.COOKIE);
    response.setStatus(HttpServletResponse.SC_SEE_OTHER);
    response.setHeader("Location", "/login");
    try {
      response.flushBuffer();
    } catch (IOException e) {
      throw new UncheckedIOException("the browser went away while logging out", e);
    }
  }

  private void end(Caller caller, String origin) {
    Session session = caller.session();
    if (session == null) {
      return;
    }
    sessions.close(session);
    try {
      var log = services.audit().orElse(null);
      if (log != null) {
        String name = caller.actor();
        log.record(new AuditEvent(AuditEvent.Action.LOGOUT, name, origin, name, "ok", Map.of()));
      }
    } catch (AuditUnavailableException e) {
      // Keeping someone logged in against their will would be worse than a missing line.
      LOG.warn("The end of a session was not recorded: {}", e.getMessage());
    }
  }
}
