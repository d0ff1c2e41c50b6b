package io.snaprail.console.internal.api;

import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import io.snaprail.api.certificate.RefusedCertificate;
import io.snaprail.api.certificate.RootInfo;
import io.snaprail.api.security.Role;
import io.snaprail.console.internal.access.Refusal;
import java.io.IOException;

/** Routes that show and import trusted roots, and trust certificates that were refused. */
public final class RootRoutes {
  private final StoreCalls calls;

  /** With the store to serve. */
  public RootRoutes(Services services) {
    calls = new StoreCalls(services);
  }

  /** Adds the routes. */
  public void addTo(Router router) {
    router
        .add("GET", "/api/v1/roots", Role.ADMIN, this::sets)
        .add("GET", "/api/v1/roots/{name}", Role.ADMIN, this::set)
        .add("POST", "/api/v1/roots/{name}", Role.ADMIN, this::importRoots)
        .add("GET", "/api/v1/public-roots", Role.ADMIN, this::publicRoots)
        .add("GET", "/api/v1/refused-certificates", Role.ADMIN, this::refused)
        .add("POST", "/api/v1/refused-certificates/{fingerprint}/trust", Role.ADMIN, this::trust);
  }

  private Reply sets(ApiRequest request) throws Refusal {
    JsonObject json = new JsonObject();
    json.add("roots", Views.array(calls.store().rootSets(), JsonPrimitive::new));
    return Reply.ok(json);
  }

  private Reply set(ApiRequest request) throws Refusal {
    String name = request.parameter("name");
    if (!calls.store().rootSets().contains(name)) {
      throw new Refusal(404, "no_roots", "There is no set of roots '" + name + "'.");
    }
    return calls.ask(
        store -> {
          JsonObject json = new JsonObject();
          json.addProperty("name", name);
          json.addProperty("pem", store.rootsPem(name));
          json.add("certificates", Views.array(store.roots(name), RootRoutes::root));
          return Reply.ok(json);
        });
  }

  private Reply publicRoots(ApiRequest request) throws Refusal {
    return calls.ask(
        store -> {
          JsonObject json = new JsonObject();
          json.add("certificates", Views.array(store.roots(""), RootRoutes::root));
          return Reply.ok(json);
        });
  }

  private Reply importRoots(ApiRequest request) throws Refusal, IOException {
    String pem = TokenRoutes.text(request.body(), "pem");
    String name = request.parameter("name");
    return calls.change(
        request,
        name,
        "roots import",
        store -> {
          store.importRoots(name, pem);
          return new Reply.Empty();
        });
  }

  private Reply refused(ApiRequest request) throws Refusal {
    JsonObject json = new JsonObject();
    json.add("refused", Views.array(calls.store().refused(), RootRoutes::refused));
    return Reply.ok(json);
  }

  private Reply trust(ApiRequest request) throws Refusal, IOException {
    String roots = TokenRoutes.text(request.body(), "roots");
    String fingerprint = request.parameter("fingerprint");
    return calls.change(
        request,
        roots,
        "refused certificate trusted: " + fingerprint,
        store -> {
          store.trust(fingerprint, roots);
          return new Reply.Empty();
        });
  }

  private static JsonObject root(RootInfo root) {
    JsonObject json = new JsonObject();
    json.addProperty("subject", root.subject());
    json.addProperty("keyAlgorithm", root.keyAlgorithm());
    json.addProperty("fingerprint", root.fingerprint());
    json.addProperty("notBefore", root.notBefore().toString());
    json.addProperty("notAfter", root.notAfter().toString());
    return json;
  }

  private static JsonObject refused(RefusedCertificate refused) {
    JsonObject json = new JsonObject();
    json.addProperty("fingerprint", refused.fingerprint());
    json.addProperty("subject", refused.subject());
    json.addProperty("issuer", refused.issuer());
    json.addProperty("notBefore", refused.notBefore().toString());
    json.addProperty("notAfter", refused.notAfter().toString());
    json.addProperty("peer", refused.peer());
    json.addProperty("reason", refused.reason());
    json.addProperty("curable", refused.curable());
    json.addProperty("count", refused.count());
    json.addProperty("last", refused.last().toString());
    json.addProperty("pem", refused.pem());
    return json;
  }
}
