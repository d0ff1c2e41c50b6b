package io.snaprail.console.internal.api;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import io.snaprail.api.certificate.CertificateStore;
import io.snaprail.api.certificate.CertificateStoreException;
import io.snaprail.api.certificate.IdentityInfo;
import io.snaprail.api.certificate.KeyRequest;
import io.snaprail.api.certificate.KeyType;
import io.snaprail.api.security.Role;
import io.snaprail.console.internal.access.Refusal;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Routes that show identities, make signing requests and import what comes. */
public final class CertificateRoutes {
  /** The identity of the console itself. */
  private static final String OWN = "console";

  /** A PKCS#12 file in base64 is shorter. */
  private static final int MAX_FILE_TEXT = 400_000;

  private final StoreCalls calls;

  /** With the store to serve. */
  public CertificateRoutes(Services services) {
    calls = new StoreCalls(services);
  }

  /** Adds the routes. */
  public void addTo(Router router) {
    router
        .add("GET", "/api/v1/identities", Role.ADMIN, this::list)
        .add("POST", "/api/v1/identities/{name}", Role.ADMIN, this::importIdentity)
        .add("DELETE", "/api/v1/identities/{name}", Role.ADMIN, this::remove)
        .add("POST", "/api/v1/identities/{name}/csr", Role.ADMIN, this::request)
        .add("DELETE", "/api/v1/identities/{name}/csr", Role.ADMIN, this::discardRequest)
        .add("POST", "/api/v1/identities/{name}/certificate", Role.ADMIN, this::importCertificate)
        .add("POST", "/api/v1/identities/{name}/pkcs12", Role.ADMIN, this::importPkcs12)
        .add("POST", "/api/v1/identities/{name}/commit", Role.ADMIN, this::commit)
        .add("POST", "/api/v1/identities/{name}/rollback", Role.ADMIN, this::rollBack);
  }

  private Reply list(ApiRequest request) throws Refusal {
    JsonObject json = new JsonObject();
    json.add("identities", Views.array(calls.store().identities(), CertificateRoutes::identity));
    json.add("tokens", Views.array(calls.store().tokens(), JsonPrimitive::new));
    return Reply.ok(json);
  }

  private Reply request(ApiRequest request) throws Refusal, IOException {
    JsonObject body = request.body();
    KeyType type = keyType(body.get("keyType"));
    String subject = TokenRoutes.text(body, "subject");
    List<String> names = names(body.get("alternativeNames"));
    String role = body.has("role") ? TokenRoutes.text(body, "role") : "";
    String token = body.has("token") ? TokenRoutes.text(body, "token") : "";
    KeyRequest wanted = new KeyRequest(type, subject, names, role, token);
    String name = request.parameter("name");
    return calls.change(
        request,
        name,
        "signing request",
        store -> {
          JsonObject json = new JsonObject();
          json.addProperty("name", name);
          json.addProperty("csr", store.createSigningRequest(name, wanted));
          return new Reply.Json(201, json);
        });
  }

  private Reply discardRequest(ApiRequest request) throws Refusal {
    String name = request.parameter("name");
    return calls.change(
        request,
        name,
        "signing request discarded",
        store -> {
          store.discardRequest(name);
          return new Reply.Empty();
        });
  }

  private Reply importCertificate(ApiRequest request) throws Refusal, IOException {
    String pem = TokenRoutes.text(request.body(), "pem");
    return identity(
        request, "certificate import", (store, name) -> store.importCertificate(name, pem));
  }

  private Reply importIdentity(ApiRequest request) throws Refusal, IOException {
    JsonObject body = request.body();
    String pem = TokenRoutes.text(body, "pem");
    char[] passphrase = passphrase(body);
    try {
      return identity(
          request,
          "key and certificate import",
          (store, name) ->
              store.importIdentity(name, pem, passphrase.length == 0 ? null : passphrase));
    } finally {
      Arrays.fill(passphrase, '\0');
    }
  }

  private Reply importPkcs12(ApiRequest request) throws Refusal, IOException {
    JsonObject body = request.body(MAX_FILE_TEXT);
    byte[] file = file(TokenRoutes.text(body, "file"));
    char[] passphrase = passphrase(body);
    try {
      return identity(
          request,
          "key and certificate import",
          (store, name) -> store.importPkcs12(name, file, passphrase));
    } finally {
      Arrays.fill(passphrase, '\0');
      Arrays.fill(file, (byte) 0);
    }
  }

  private static char[] passphrase(JsonObject body) throws Refusal {
    return body.has("passphrase")
        ? TokenRoutes.text(body, "passphrase").toCharArray()
        : new char[0];
  }

  private static byte[] file(String base64) throws Refusal {
    try {
      return Base64.getDecoder().decode(base64);
    } catch (IllegalArgumentException e) {
      throw invalid("\"file\" must be the file in base64");
    }
  }

  private Reply commit(ApiRequest request) throws Refusal {
    return identity(request, "trial ended: in force", CertificateStore::commit);
  }

  private Reply rollBack(ApiRequest request) throws Refusal {
    return identity(request, "rollback", CertificateStore::rollBack);
  }

  /** A change of an identity that answers how it is then. */
  private Reply identity(ApiRequest request, String what, Change change) throws Refusal {
    String name = request.parameter("name");
    return calls.change(request, name, what, store -> Reply.ok(identity(change.make(store, name))));
  }

  /** A change of an identity. */
  @FunctionalInterface
  private interface Change {
    IdentityInfo make(CertificateStore store, String name) throws CertificateStoreException;
  }

  private Reply remove(ApiRequest request) throws Refusal {
    String name = request.parameter("name");
    if (name.equals(OWN)) {
      throw new Refusal(
          422,
          "own_identity",
          "The console itself shows this identity. Import another one under its name instead.");
    }
    if (calls.store().identities().stream().noneMatch(known -> known.name().equals(name))) {
      throw new Refusal(404, "no_identity", "There is no identity '" + name + "'.");
    }
    return calls.change(
        request,
        name,
        "removal",
        store -> {
          store.removeIdentity(name);
          return new Reply.Empty();
        });
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
    json.addProperty("token", identity.token());
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
