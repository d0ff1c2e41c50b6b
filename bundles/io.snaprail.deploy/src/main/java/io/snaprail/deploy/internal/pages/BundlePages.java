package io.snaprail.deploy.internal.pages;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import io.snaprail.api.console.ConsoleAnswer;
import io.snaprail.api.console.ConsoleCall;
import io.snaprail.api.console.ConsoleException;
import io.snaprail.api.console.ConsoleExtension;
import io.snaprail.api.console.ConsolePage;
import io.snaprail.api.console.ConsoleRequest;
import io.snaprail.api.deploy.DeployedBundle;
import io.snaprail.api.deploy.Deployment;
import io.snaprail.api.deploy.DeploymentOrder;
import io.snaprail.api.deploy.DeploymentState;
import io.snaprail.api.deploy.SupportBundles;
import io.snaprail.api.security.Role;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.UUID;

/** Bundles in the console: what is deployed, uploads, orders, support bundles. */
public final class BundlePages implements ConsoleExtension {
  private static final Duration COLLECTING = Duration.ofSeconds(60);

  private final Deployment deployment;
  private final SupportBundles support;
  private final Rules rules;
  private final Uploads uploads;

  /**
   * What people see of the settings.
   *
   * @param requireSignature whether bundles must be signed
   * @param allow symbolic names that may be deployed
   * @param data folder of what the runtime writes
   * @param maxBytes largest bundle
   */
  public record Rules(boolean requireSignature, List<String> allow, Path data, long maxBytes) {}

  /** Shows a deployment. */
  public BundlePages(Deployment deployment, SupportBundles support, Rules rules) {
    this.deployment = deployment;
    this.support = support;
    this.rules = rules;
    this.uploads = new Uploads(rules.data().resolve("deploy/inbox"), rules.maxBytes());
  }

  @Override
  public String name() {
    return "deploy";
  }

  @Override
  public String title() {
    return "Deployment";
  }

  @Override
  public int order() {
    return 50;
  }

  @Override
  public List<ConsolePage> pages() {
    return List.of(new ConsolePage("bundles", "Deployment", Role.VIEWER, "bundles.html"));
  }

  @Override
  public List<ConsoleCall> calls() {
    return List.of(
        ConsoleCall.read("bundles", Role.VIEWER, "What is deployed, and orders", this::list),
        ConsoleCall.change(
            "POST", "uploads", Role.ADMIN, "Upload a piece of a bundle", this::upload),
        ConsoleCall.change(
            "POST",
            "orders",
            Role.ADMIN,
            "Install, update, remove or roll back a bundle",
            this::order),
        ConsoleCall.change(
            "POST", "support", Role.ADMIN, "Collect a support bundle", this::collect),
        ConsoleCall.read("support/{id}", Role.ADMIN, "Download a support bundle", this::download));
  }

  private ConsoleAnswer list(ConsoleRequest request) {
    JsonObject json = new JsonObject();
    json.addProperty("requireSignature", rules.requireSignature());
    JsonArray allow = new JsonArray();
    rules.allow().forEach(allow::add);
    json.add("allow", allow);
    JsonArray bundles = new JsonArray();
    deployment.bundles().forEach(one -> bundles.add(bundle(one)));
    json.add("bundles", bundles);
    JsonArray orders = new JsonArray();
    deployment.orders().stream().limit(20).forEach(one -> orders.add(state(one)));
    json.add("orders", orders);
    return ConsoleAnswer.json(json.toString());
  }

  private static JsonObject bundle(DeployedBundle one) {
    JsonObject json = new JsonObject();
    json.addProperty("symbolicName", one.symbolicName());
    json.addProperty("version", one.version());
    json.addProperty("sha256", one.sha256());
    json.addProperty("signer", one.signer());
    json.addProperty("deployedAt", one.deployedAt().toString());
    json.addProperty("previous", one.previous());
    json.addProperty("state", one.state());
    return json;
  }

  private static JsonObject state(DeploymentState one) {
    JsonObject json = new JsonObject();
    json.addProperty("id", one.id());
    json.addProperty("action", one.action().name());
    json.addProperty("symbolicName", one.symbolicName());
    json.addProperty("version", one.version());
    json.addProperty("phase", one.phase().name());
    json.addProperty("message", one.message());
    json.addProperty("at", one.at().toString());
    return json;
  }

  private ConsoleAnswer upload(ConsoleRequest request) throws ConsoleException {
    JsonObject body = body(request);
    byte[] data;
    try {
      data = Base64.getDecoder().decode(text(body, "data"));
    } catch (IllegalArgumentException e) {
      throw bad("\"data\" must be base64", e);
    }
    String offset = text(body, "offset");
    if (!offset.matches("\\d{1,9}")) {
      throw bad("\"offset\" must be a whole number", null);
    }
    JsonObject json = new JsonObject();
    json.addProperty(
        "url", "file:" + uploads.piece(text(body, "name"), Long.parseLong(offset), data));
    return ConsoleAnswer.json(json.toString());
  }

  private ConsoleAnswer order(ConsoleRequest request) throws ConsoleException {
    JsonObject body = body(request);
    String url = text(body, "url");
    try {
      DeploymentOrder order =
          new DeploymentOrder(
              "console-" + UUID.randomUUID(),
              DeploymentOrder.Action.valueOf(text(body, "action")),
              text(body, "symbolicName"),
              text(body, "version"),
              url,
              text(body, "sha256"),
              request.actor(),
              request.origin());
      deployment.submit(order).whenComplete((end, failure) -> uploads.done(url));
      JsonObject json = new JsonObject();
      json.addProperty("id", order.id());
      return ConsoleAnswer.json(202, json.toString());
    } catch (IllegalArgumentException e) {
      throw bad(String.valueOf(e.getMessage()), e);
    } catch (IllegalStateException e) {
      throw new ConsoleException(503, "busy", "Not now: " + e.getMessage() + ".", e);
    }
  }

  private ConsoleAnswer collect(ConsoleRequest request) throws ConsoleException {
    String id = "console-" + UUID.randomUUID();
    try {
      return ConsoleAnswer.later(
          support
              .collect(id, "")
              .thenApply(
                  file -> {
                    JsonObject json = new JsonObject();
                    json.addProperty("id", id);
                    json.addProperty("file", file.file());
                    json.addProperty("bytes", file.bytes());
                    json.addProperty("sha256", file.sha256());
                    return ConsoleAnswer.json(json.toString());
                  }),
          COLLECTING);
    } catch (IllegalStateException e) {
      throw new ConsoleException(503, "busy", "Not now: " + e.getMessage() + ".", e);
    }
  }

  private ConsoleAnswer download(ConsoleRequest request) throws ConsoleException {
    String id = request.parameter("id");
    Path file = rules.data().resolve("support/snaprail-support-" + id + ".zip");
    try {
      if (!id.matches("[A-Za-z0-9_-]{1,64}") || !Files.isRegularFile(file)) {
        throw new ConsoleException(404, "not_found", "There is no such support bundle.");
      }
      if (Files.size(file) > MAX_ANSWER_BYTES) {
        throw new ConsoleException(
            413,
            "too_large",
            "It is too large for a download: fetch " + file + " from the gateway.");
      }
      return new ConsoleAnswer.Ready(
          200, "application/zip", Files.readAllBytes(file), "snaprail-support-" + id + ".zip");
    } catch (IOException e) {
      throw new ConsoleException(500, "not_read", "The file cannot be read: " + e.getMessage(), e);
    }
  }

  private static JsonObject body(ConsoleRequest request) throws ConsoleException {
    try {
      return JsonParser.parseString(request.body()).getAsJsonObject();
    } catch (JsonParseException | IllegalStateException e) {
      throw bad("it must be a JSON object", e);
    }
  }

  /** A text or number; empty when it is not there. */
  private static String text(JsonObject body, String key) {
    return body.get(key) instanceof JsonPrimitive value ? value.getAsString() : "";
  }

  private static ConsoleException bad(
      String words, @org.jspecify.annotations.Nullable Throwable cause) {
    return new ConsoleException(400, "bad_value", "The body is not right: " + words + ".", cause);
  }
}
