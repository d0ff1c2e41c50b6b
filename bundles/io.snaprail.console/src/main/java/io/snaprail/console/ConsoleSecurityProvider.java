package io.snaprail.console;

import io.snaprail.api.security.Role;
import io.snaprail.console.internal.access.Caller;
import io.snaprail.console.internal.access.Logout;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.apache.felix.webconsole.spi.SecurityProvider;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * Tells Felix Web Console what {@link ConsoleGuard} has decided. The framework property {@code
 * felix.webconsole.security.providers=snaprail} makes Felix wait for it, so Felix's own login with
 * its well-known password is never asked.
 */
@Component(
    service = SecurityProvider.class,
    property = {
      SecurityProvider.PROPERTY_ID + "=snaprail",
      "service.ranking:Integer=1000",
    })
public final class ConsoleSecurityProvider implements SecurityProvider {
  private final Logout logout;

  /** Made by DS. */
  @Activate
  public ConsoleSecurityProvider(@Reference Logout logout) {
    this.logout = logout;
  }

  /** An administrator who passed the guard, or null, which Felix answers with 403. */
  @Override
  @SuppressWarnings("NullAway") // the interface is older than nullness annotations
  public @Nullable Object authenticate(HttpServletRequest request, HttpServletResponse response) {
    return Caller.of(request)
        .filter(caller -> caller.session() != null)
        .filter(caller -> caller.principal().role().includes(Role.ADMIN))
        .orElse(null);
  }

  @Override
  public boolean authorize(Object user, String role) {
    return user instanceof Caller caller && caller.principal().role().includes(Role.ADMIN);
  }

  /** Ends the session and leads to the form to log in, or Felix would ask for a password. */
  @Override
  public void logout(HttpServletRequest request, HttpServletResponse response) {
    logout.end(request, response);
  }
}
