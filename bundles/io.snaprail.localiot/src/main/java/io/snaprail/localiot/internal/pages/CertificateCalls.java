package io.snaprail.localiot.internal.pages;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.snaprail.api.console.ConsoleAnswer;
import io.snaprail.api.console.ConsoleCall;
import io.snaprail.api.console.ConsoleException;
import io.snaprail.api.console.ConsoleRequest;
import io.snaprail.api.security.Role;
import io.snaprail.localiot.internal.registry.ClientAuthorities;
import io.snaprail.localiot.internal.registry.ClientAuthority;
import io.snaprail.localiot.internal.registry.DeviceCertificate;
import io.snaprail.localiot.internal.registry.DeviceCertificate.Status;
import io.snaprail.localiot.internal.registry.DeviceCertificates;
import io.snaprail.localiot.internal.registry.Registry;
import io.snaprail.localiot.internal.registry.RegistryException;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;

/** Calls on certificates of devices and on authorities of others. */
final class CertificateCalls {
  private static final String PEM = "application/x-pem-file";

  private final PartsSource parts;
  private final RegistryCalls registry;

  CertificateCalls(PartsSource parts) {
    this.parts = parts;
    this.registry = new RegistryCalls(parts);
  }

  List<ConsoleCall> calls() {
    return List.of(
        ConsoleCall.read("certificates", Role.VIEWER, "Certificates and authorities", this::list),
        change("POST", "certificates", "Certificate for a CSR", CertificateCalls::sign),
        change("POST", "certificates/keys", "Key and certificate", CertificateCalls::keys),
        change("POST", "certificates/register", "Register a certificate", this::register),
        ConsoleCall.read(
            "certificates/{id}/pem", Role.VIEWER, "A certificate as PEM", registry.on(this::pem)),
        change("PUT", "certificates/{id}/status", "Change its status", CertificateCalls::status),
        change(
            "DELETE",
            "certificates/{id}",
            "Delete a certificate",
            (all, request, body) -> {
              all.certificates().delete(request.parameter("id"), true);
              return RegistryCalls.done();
            }),
        change(
            "POST",
            "certificates/{id}/policies",
            "Attach a policy",
            (all, request, body) -> {
              all.policies().attach(body.text("name"), request.parameter("id"));
              return RegistryCalls.done();
            }),
        change(
            "DELETE",
            "certificates/{id}/policies/{name}",
            "Detach a policy",
            (all, request, body) -> {
              all.policies().detach(request.parameter("name"), request.parameter("id"));
              return RegistryCalls.done();
            }),
        change(
            "POST",
            "certificates/{id}/things",
            "Attach a thing",
            (all, request, body) -> {
              all.things().attach(body.text("name"), request.parameter("id"));
              return RegistryCalls.done();
            }),
        change(
            "DELETE",
            "certificates/{id}/things/{name}",
            "Detach a thing",
            (all, request, body) -> {
              all.things().detach(request.parameter("name"), request.parameter("id"));
              return RegistryCalls.done();
            }),
        change("POST", "registration-code", "The registration code", this::code),
        change("POST", "authorities", "Register an authority", CertificateCalls::authority),
        change("PUT", "authorities/{id}", "Change an authority", CertificateCalls::use),
        change(
            "DELETE",
            "authorities/{id}",
            "Delete an authority",
            (all, request, body) -> {
              all.authorities().delete(request.parameter("id"));
              return RegistryCalls.done();
            }));
  }

  private ConsoleCall change(String method, String path, String summary, RegistryCalls.Work work) {
    return ConsoleCall.change(method, path, Role.ADMIN, summary, registry.on(work));
  }

  private ConsoleAnswer list(ConsoleRequest request) throws ConsoleException {
    Registry all = parts.require().registry();
    JsonArray certificates = new JsonArray();
    all.certificates().list().forEach(one -> certificates.add(view(one)));
    JsonArray authorities = new JsonArray();
    all.authorities().list().forEach(one -> authorities.add(view(one)));
    JsonObject json = new JsonObject();
    json.add("certificates", certificates);
    json.add("authorities", authorities);
    return RegistryCalls.json(json);
  }

  private static JsonObject view(DeviceCertificate certificate) {
    JsonObject json = new JsonObject();
    json.addProperty("id", certificate.id());
    json.addProperty("status", certificate.status().name());
    json.add("things", RegistryCalls.array(certificate.things()));
    json.add("policies", RegistryCalls.array(certificate.policies()));
    json.addProperty("registered", certificate.issued().registered().toString());
    names(json, Pem.certificate(certificate.pem()));
    return json;
  }

  private static JsonObject view(ClientAuthority authority) {
    JsonObject json = new JsonObject();
    json.addProperty("id", authority.id());
    json.addProperty("active", authority.active());
    json.addProperty("autoRegistration", authority.autoRegistration());
    names(json, Pem.certificate(authority.pem()));
    return json;
  }

  private static void names(JsonObject json, X509Certificate certificate) {
    json.addProperty("subject", certificate.getSubjectX500Principal().toString());
    json.addProperty("issuer", certificate.getIssuerX500Principal().toString());
    json.addProperty("notAfter", certificate.getNotAfter().toInstant().toString());
  }

  private static Status atCreation(Body body) throws ConsoleException {
    return body.flag("active") ? Status.ACTIVE : Status.INACTIVE;
  }

  /** What a page does in one step: the certificate, its policy and its thing. */
  private static JsonObject made(Registry all, Body body, DeviceCertificate certificate)
      throws RegistryException, ConsoleException {
    String thing = body.optional("thing");
    String policy = body.optional("policy");
    if (!thing.isEmpty()) {
      all.things().attach(thing, certificate.id());
    }
    if (!policy.isEmpty()) {
      all.policies().attach(policy, certificate.id());
    }
    JsonObject json = new JsonObject();
    json.addProperty("id", certificate.id());
    json.addProperty("pem", certificate.pem());
    return json;
  }

  private static ConsoleAnswer sign(Registry all, ConsoleRequest request, Body body)
      throws RegistryException, ConsoleException {
    DeviceCertificate certificate =
        all.certificates().createFromCsr(body.text("csr"), atCreation(body));
    return RegistryCalls.json(made(all, body, certificate));
  }

  private static ConsoleAnswer keys(Registry all, ConsoleRequest request, Body body)
      throws RegistryException, ConsoleException {
    DeviceCertificates.Created created = all.certificates().createKeys(atCreation(body));
    JsonObject json = made(all, body, created.certificate());
    json.addProperty("publicKey", created.publicKeyPem());
    json.addProperty("privateKey", created.privateKeyPem());
    return RegistryCalls.json(json);
  }

  private ConsoleAnswer register(Registry all, ConsoleRequest request, Body body)
      throws RegistryException, ConsoleException {
    DeviceCertificate certificate =
        body.flag("withoutAuthority")
            ? all.certificates().registerWithoutAuthority(body.text("pem"), atCreation(body))
            : all.certificates().register(body.text("pem"), "", atCreation(body));
    return RegistryCalls.json(made(all, body, certificate));
  }

  private ConsoleAnswer pem(Registry all, ConsoleRequest request, Body body)
      throws RegistryException {
    DeviceCertificate certificate = all.certificates().describe(request.parameter("id"));
    return ConsoleAnswer.file(certificate.id() + "-certificate.pem.crt", PEM, certificate.pem());
  }

  private static ConsoleAnswer status(Registry all, ConsoleRequest request, Body body)
      throws RegistryException, ConsoleException {
    String wanted = body.text("status");
    Status status =
        Arrays.stream(Status.values())
            .filter(one -> one.name().equals(wanted))
            .findFirst()
            .orElseThrow(
                () ->
                    new ConsoleException(
                        400,
                        "bad_value",
                        "status: expected ACTIVE, INACTIVE or REVOKED, found '" + wanted + "'"));
    all.certificates().setStatus(request.parameter("id"), status);
    return RegistryCalls.done();
  }

  private ConsoleAnswer code(Registry all, ConsoleRequest request, Body body)
      throws RegistryException {
    JsonObject json = new JsonObject();
    json.addProperty("code", all.authorities().registrationCode());
    return RegistryCalls.json(json);
  }

  private static ConsoleAnswer authority(Registry all, ConsoleRequest request, Body body)
      throws RegistryException, ConsoleException {
    ClientAuthority made =
        all.authorities()
            .register(
                body.text("pem"),
                body.optional("verification"),
                new ClientAuthorities.Use(true, body.flag("autoRegistration")));
    JsonObject json = new JsonObject();
    json.addProperty("id", made.id());
    return RegistryCalls.json(json);
  }

  private static ConsoleAnswer use(Registry all, ConsoleRequest request, Body body)
      throws RegistryException, ConsoleException {
    all.authorities()
        .update(
            request.parameter("id"),
            new ClientAuthorities.Use(body.flag("active"), body.flag("autoRegistration")));
    return RegistryCalls.done();
  }
}
