package io.snaprail.console.internal.api;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import io.snaprail.api.audit.AuditEvent;
import io.snaprail.api.audit.AuditUnavailableException;
import io.snaprail.api.certificate.CertificateStore;
import io.snaprail.api.certificate.CertificateStoreException;
import io.snaprail.api.certificate.IdentityInfo;
import io.snaprail.api.certificate.KeyType;
import io.snaprail.api.security.Role;
import io.snaprail.console.internal.access.Refusal;
import io.snaprail.console.internal.access.RequestRules;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Routes that show identities and trusted roots, make signing requests and import what comes. */
public final class CertificateRoutes {
  /** The identity of the console itself. */
  private static final String OWN = "console";

  private final Services services;

  /** With the store to serve. */
  public CertificateRoutes(Services services) {
    this.services = services;
  }

  /** Something that the store may refuse. */
  @FunctionalInterface
  private interface Change {
    Reply make(CertificateStore store) throws CertificateStoreException, Refusal;
  }

  /** Adds the routes. */
  public void addTo(Router router) {
    router
        .add("GET", "/api/v1/identities", Role.ADMIN, this::list)
        .add("POST", "/api/v1/identities/{name}", Role.ADMIN, this::importIdentity)
        .add("DELETE", "/api/v1/identities/{name}", Role.ADMIN, this::remove)
        .add("POST", "/api/v1/identities/{name}/csr", Role.ADMIN, this::request)
        .add("POST", "/api/v1/identities/{name}/certificate", Role.ADMIN, this::importCertificate)
        .add("GET", "/api/v1/roots", Role.ADMIN, this::roots)
        .add("GET", "/api/v1/roots/{name}", Role.ADMIN, this::root)
        .add("POST", "/api/v1/roots/{name}", Role.ADMIN, this::importRoots);
  }

  private CertificateStore store() throws Refusal {
    return services
        .certificates()
        .orElseThrow(() -> RequestRules.starting("the certificate store is"));
  }

  private Reply list(ApiRequest request) throws Refusal {
    JsonObject json = new JsonObject();
    json.add("identities", Views.array(store().identities(), CertificateRoutes::identity));
    return Reply.ok(json);
  }

  private Reply roots(ApiRequest request) throws Refusal {
    JsonObject json = new JsonObject();
    json.add("roots", Views.array(store().rootSets(), JsonPrimitive::new));
    return Reply.ok(json);
  }

  private Reply root(ApiRequest request) throws Refusal {
    String name = request.parameter("name");
    if (!store().rootSets().contains(name)) {
      throw new Refusal(404, "no_roots", "There is no set of roots '" + name + "'.");
    }
    return refusing(
        store -> {
          JsonObject json = new JsonObject();
          json.addProperty("name", name);
          json.addProperty("pem", store.rootsPem(name));
          return Reply.ok(json);
        });
  }

  private Reply request(ApiRequest request) throws Refusal, IOException {
    JsonObject body = request.body();
    KeyType type = keyType(body.get("keyType"));
    String subject = TokenRoutes.text(body, "subject");
    List<String> names = names(body.get("alternativeNames"));
    String name = request.parameter("name");
    audit(request, "signing request");
    return refusing(
        store -> {
          JsonObject json = new JsonObject();
          json.addProperty("name", name);
          json.addProperty("csr", store.createSigningRequest(name, type, subject, names));
          return new Reply.Json(201, json);
        });
  }

  private Reply importCertificate(ApiRequest request) throws Refusal, IOException {
    String pem = TokenRoutes.text(request.body(), "pem");
    audit(request, "certificate import");
    return refusing(
        store -> Reply.ok(identity(store.importCertificate(request.parameter("name"), pem))));
  }

  private Reply importIdentity(ApiRequest request) throws Refusal, IOException {
    JsonObject body = request.body();
    String pem = TokenRoutes.text(body, "pem");
    char[] passphrase =
        body.has("passphrase") ? TokenRoutes.text(body, "passphrase").toCharArray() : null;
    audit(request, "key and certificate import");
    try {
      return refusing(
          store ->
              Reply.ok(identity(store.importIdentity(request.parameter("name"), pem, passphrase))));
    } finally {
      if (passphrase != null) {
        Arrays.fill(passphrase, '\0');
      }
    }
  }

  private Reply importRoots(ApiRequest request) throws Refusal, IOException {
    String pem = TokenRoutes.text(request.body(), "pem");
    audit(request, "roots import");
    return refusing(
        store -> {
          store.importRoots(request.parameter("name"), pem);
          return new Reply.Empty();
        });
  }

  private Reply remove(ApiRequest request) throws Refusal {
    String name = request.parameter("name");
    if (name.equals(OWN)) {
      throw new Refusal(
          422,
          "own_identity",
          "The console itself shows this identity. Import another one under its name instead.");
    }
    if (store().identities().stream().noneMatch(known -> known.name().equals(name))) {
      throw new Refusal(404, "no_identity", "There is no identity '" + name + "'.");
    }
    audit(request, "removal");
    return refusing(
        store -> {
          store.removeIdentity(name);
          return new Reply.Empty();
        });
  }

  private Reply refusing(Change change) throws Refusal {
    try {
      return change.make(store());
    } catch (CertificateStoreException | IllegalArgumentException e) {
      throw new Refusal(422, "certificate", String.valueOf(e.getMessage()));
    }
  }

  /** The store records what it does; who wanted it is known here only. */
  private void audit(ApiRequest request, String change) throws Refusal {
    AuditEvent event =
        new AuditEvent(
            AuditEvent.Action.CERTIFICATE,
            request.caller().actor(),
            request.http().getRemoteAddr(),
            request.parameter("name"),
            "attempt",
            Map.of("change", change));
    try {
      services.audit().orElseThrow(() -> RequestRules.starting("the audit log is")).record(event);
    } catch (AuditUnavailableException e) {
      throw TokenRoutes.unaudited(e);
    }
  }

  private static JsonObject identity(IdentityInfo identity) {
    JsonObject json = new JsonObject();
    json.addProperty("name", identity.name());
    json.addProperty("state", identity.state().name());
    json.addProperty("keyAlgorithm", identity.keyAlgorithm());
    json.addProperty("subject", identity.subject());
    json.addProperty("issuer", identity.issuer());
    json.addProperty("fingerprint", identity.fingerprint());
    json.add("notBefore", Views.text(identity.notBefore()));
    json.add("notAfter", Views.text(identity.notAfter()));
    json.add("alternativeNames", Views.array(identity.alternativeNames(), JsonPrimitive::new));
    return json;
  }

  private static KeyType keyType(@Nullable JsonElement json) throws Refusal {
    if (json == null) {
      return KeyType.EC_P256;
    }
    boolean text = json.isJsonPrimitive() && json.getAsJsonPrimitive().isString();
    String name = text ? json.getAsString() : "";
    return Arrays.stream(KeyType.values())
        .filter(type -> type.name().equals(name))
        .findFirst()
        .orElseThrow(() -> invalid("\"keyType\" must be one of " + List.of(KeyType.values())));
  }

  private static List<String> names(@Nullable JsonElement json) throws Refusal {
    if (json == null) {
      return List.of();
    }
    if (!json.isJsonArray()) {
      throw invalid("\"alternativeNames\" must be an array of texts");
    }
    List<String> names = new ArrayList<>();
    for (JsonElement name : json.getAsJsonArray()) {
      if (!name.isJsonPrimitive() || !name.getAsJsonPrimitive().isString()) {
        throw invalid("\"alternativeNames\" must be an array of texts");
      }
      names.add(name.getAsString());
    }
    return names;
  }

  private static Refusal invalid(String message) {
    return new Refusal(400, "bad_value", "The body is not right: " + message + ".");
  }
}
