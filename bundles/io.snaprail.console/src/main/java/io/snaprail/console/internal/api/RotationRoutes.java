package io.snaprail.console.internal.api;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import io.snaprail.api.certificate.CertificateRotations;
import io.snaprail.api.certificate.Expiry;
import io.snaprail.api.certificate.RotationState;
import io.snaprail.api.security.Role;
import io.snaprail.console.internal.access.Refusal;
import io.snaprail.console.internal.access.RequestRules;
import io.snaprail.console.internal.page.ErrorPage;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/** Routes that rotate identities and show when certificates end. */
public final class RotationRoutes {
  /** What is refused is refused sooner; what goes on longer is looked at. */
  private static final Duration FIRST_OUTCOME = Duration.ofSeconds(2);

  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final Services services;
  private final StoreCalls calls;
  private final Clock clock;

  /** With the services that do it. */
  public RotationRoutes(Services services, Clock clock) {
    this.services = services;
    this.calls = new StoreCalls(services);
    this.clock = clock;
  }

  /** Adds the routes. */
  public void addTo(Router router) {
    router
        .add("GET", "/api/v1/rotations", Role.ADMIN, this::list)
        .add("POST", "/api/v1/identities/{name}/rotate", Role.ADMIN, this::rotate)
        .add("GET", "/api/v1/expiries", Role.VIEWER, this::expiries);
  }

  private CertificateRotations rotations() throws Refusal {
    return services.rotations().orElseThrow(() -> RequestRules.starting("the rotation is"));
  }

  private Reply list(ApiRequest request) throws Refusal {
    JsonObject json = new JsonObject();
    json.add("rotations", Views.array(rotations().rotations(), RotationRoutes::rotation));
    json.add("issuers", Views.array(rotations().issuers(), JsonPrimitive::new));
    return Reply.ok(json);
  }

  private Reply rotate(ApiRequest request) throws Refusal, IOException {
    JsonObject body = request.body();
    String issuer = body.has("issuer") ? TokenRoutes.text(body, "issuer").strip() : "";
    String name = request.parameter("name");
    CertificateRotations rotations = rotations();
    String reason = "by hand, " + request.caller().actor();
    return calls.change(
        request,
        name,
        "rotation",
        store -> new Reply.Later(outcome(rotations, name, issuer, reason), PATIENCE));
  }

  private static CompletionStage<Reply> outcome(
      CertificateRotations rotations, String name, String issuer, String reason) {
    return rotations
        .rotate(name, issuer, reason)
        .thenApply(state -> Optional.of(Reply.ok(rotation(state))))
        .exceptionally(failure -> Optional.of(refused(failure)))
        .toCompletableFuture()
        .completeOnTimeout(Optional.<Reply>empty(), FIRST_OUTCOME.toMillis(), TimeUnit.MILLISECONDS)
        .thenApply(reply -> reply.orElseGet(() -> begun(rotations, name)));
  }

  private static Reply refused(Throwable failure) {
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    String json = ErrorPage.json("certificate", String.valueOf(cause.getMessage()));
    return new Reply.Json(422, JsonParser.parseString(json));
  }

  private static Reply begun(CertificateRotations rotations, String name) {
    return rotations.rotations().stream()
        .filter(state -> state.identity().equals(name))
        .max(Comparator.comparing(RotationState::since))
        .<Reply>map(state -> new Reply.Json(202, rotation(state)))
        .orElseGet(Reply.Empty::new);
  }

  private static JsonObject rotation(RotationState state) {
    JsonObject json = new JsonObject();
    json.addProperty("identity", state.identity());
    json.addProperty("issuer", state.issuer());
    json.addProperty("reason", state.reason());
    json.addProperty("phase", state.phase().name());
    json.addProperty("since", state.since().toString());
    json.addProperty("oldFingerprint", state.oldFingerprint());
    json.addProperty("newFingerprint", state.newFingerprint());
    json.addProperty("message", state.message());
    return json;
  }

  private Reply expiries(ApiRequest request) throws Refusal {
    Instant now = clock.instant();
    JsonObject json = new JsonObject();
    json.add(
        "expiries",
        Views.array(
            services
                .expiries()
                .orElseThrow(() -> RequestRules.starting("the certificate store is"))
                .expiries(),
            expiry -> expiry(expiry, now)));
    return Reply.ok(json);
  }

  private static JsonObject expiry(Expiry expiry, Instant now) {
    JsonObject json = new JsonObject();
    json.addProperty("kind", expiry.kind().name());
    json.addProperty("name", expiry.name());
    json.addProperty("subject", expiry.subject());
    json.addProperty("fingerprint", expiry.fingerprint());
    json.addProperty("notBefore", expiry.notBefore().toString());
    json.addProperty("notAfter", expiry.notAfter().toString());
    json.addProperty("level", expiry.level(now).name());
    return json;
  }
}
