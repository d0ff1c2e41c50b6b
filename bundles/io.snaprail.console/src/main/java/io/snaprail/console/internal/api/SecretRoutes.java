package io.snaprail.console.internal.api;

import io.snaprail.api.audit.AuditEvent;
import io.snaprail.api.audit.AuditUnavailableException;
import io.snaprail.api.security.Role;
import io.snaprail.api.security.SecretStore;
import io.snaprail.console.internal.access.Refusal;
import io.snaprail.console.internal.access.RequestRules;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Map;
import java.util.regex.Pattern;

/** Routes that put secrets into the store and take them out of it; none shows one. */
public final class SecretRoutes {
  private static final int MAX_CHARS = 4096;
  private static final Pattern NAME = Pattern.compile("(?!\\.{1,2}$)[A-Za-z0-9._-]{1,64}");

  /** The gateway's own secrets: without that of the keys no identity could be used any more. */
  private static final String OWN_PREFIX = "certificates.";

  private final Services services;

  /** With the store to serve. */
  public SecretRoutes(Services services) {
    this.services = services;
  }

  /** Adds the routes. */
  public void addTo(Router router) {
    router
        .add("PUT", "/api/v1/secrets/{name}", Role.ADMIN, this::put)
        .add("DELETE", "/api/v1/secrets/{name}", Role.ADMIN, this::remove);
  }

  private SecretStore store() throws Refusal {
    return services.secrets().orElseThrow(() -> RequestRules.starting("the secret store is"));
  }

  private Reply put(ApiRequest request) throws Refusal, IOException {
    String name = name(request);
    char[] secret = TokenRoutes.text(request.body(), "secret").toCharArray();
    try {
      if (secret.length == 0 || secret.length > MAX_CHARS) {
        throw new Refusal(
            422,
            "bad_secret",
            "A secret has 1 to " + MAX_CHARS + " characters; this one has " + secret.length + ".");
      }
      SecretStore store = store();
      audit(request, name, "set");
      store.put(name, secret);
      return new Reply.Empty();
    } catch (UncheckedIOException e) {
      throw unwritten(e);
    } finally {
      Arrays.fill(secret, '\0');
    }
  }

  private Reply remove(ApiRequest request) throws Refusal {
    String name = name(request);
    SecretStore store = store();
    char[] present = store.get(name).orElse(null);
    if (present == null) {
      throw new Refusal(404, "no_secret", "There is no secret '" + name + "'.");
    }
    Arrays.fill(present, '\0');
    audit(request, name, "removed");
    try {
      store.remove(name);
      return new Reply.Empty();
    } catch (UncheckedIOException e) {
      throw unwritten(e);
    }
  }

  private static String name(ApiRequest request) throws Refusal {
    String name = request.parameter("name");
    if (!NAME.matcher(name).matches()) {
      throw new Refusal(
          422,
          "bad_name",
          "The name of a secret has 1 to 64 letters, digits, dots, hyphens and underscores.");
    }
    if (name.startsWith(OWN_PREFIX)) {
      throw new Refusal(
          422,
          "own_secret",
          "Names that begin with \"" + OWN_PREFIX + "\" are the gateway's own. Choose another.");
    }
    return name;
  }

  private static Refusal unwritten(UncheckedIOException e) {
    return new Refusal(503, "secrets", String.valueOf(e.getMessage()));
  }

  /** By name; the secret itself is in no record. */
  private void audit(ApiRequest request, String name, String change) throws Refusal {
    AuditEvent event =
        new AuditEvent(
            AuditEvent.Action.CONSOLE,
            request.caller().actor(),
            request.http().getRemoteAddr(),
            "secret/" + name,
            "attempt",
            Map.of("change", change));
    try {
      services.audit().orElseThrow(() -> RequestRules.starting("the audit log is")).record(event);
    } catch (AuditUnavailableException e) {
      throw TokenRoutes.unaudited(e);
    }
  }
}
