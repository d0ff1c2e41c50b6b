package io.snaprail.console.internal.api;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.snaprail.api.audit.AuditUnavailableException;
import io.snaprail.api.security.AccessTokens;
import io.snaprail.api.security.Role;
import io.snaprail.console.internal.access.Refusal;
import io.snaprail.console.internal.access.RequestRules;
import java.io.IOException;
import java.util.Arrays;
import java.util.Locale;

/** Routes that make and revoke access tokens. */
public final class TokenRoutes {
  private final Services services;

  /** With the tokens to serve. */
  public TokenRoutes(Services services) {
    this.services = services;
  }

  /** Adds the routes. */
  public void addTo(Router router) {
    router
        .add("GET", "/api/v1/tokens", Role.ADMIN, this::list)
        .add("POST", "/api/v1/tokens", Role.ADMIN, this::create)
        .add("DELETE", "/api/v1/tokens/{name}", Role.ADMIN, this::revoke);
  }

  private AccessTokens tokens() throws Refusal {
    return services.tokens().orElseThrow(() -> RequestRules.starting("the access tokens are"));
  }

  private Reply list(ApiRequest request) throws Refusal {
    JsonObject json = new JsonObject();
    json.add("tokens", Views.array(tokens().list(), TokenRoutes::view));
    return Reply.ok(json);
  }

  private static JsonObject view(AccessTokens.TokenInfo token) {
    JsonObject json = new JsonObject();
    json.addProperty("name", token.name());
    json.addProperty("role", token.role().name());
    json.addProperty("created", token.created().toString());
    json.addProperty("creator", token.creator());
    json.add("lastUsed", Views.text(token.lastUsed()));
    return json;
  }

  private Reply create(ApiRequest request) throws Refusal, IOException {
    JsonObject body = request.body();
    String name = text(body, "name");
    Role role = role(text(body, "role"));
    try {
      String token = tokens().create(name, role, request.caller().actor());
      JsonObject json = new JsonObject();
      json.addProperty("name", name);
      json.addProperty("role", role.name());
      json.addProperty("token", token);
      return new Reply.Json(201, json);
    } catch (IllegalArgumentException e) {
      throw new Refusal(422, "bad_token", String.valueOf(e.getMessage()));
    } catch (AuditUnavailableException e) {
      throw unaudited(e);
    }
  }

  private Reply revoke(ApiRequest request) throws Refusal {
    String name = request.parameter("name");
    try {
      if (!tokens().revoke(name, request.caller().actor())) {
        throw new Refusal(404, "no_token", "There is no token '" + name + "'.");
      }
      return new Reply.Empty();
    } catch (AuditUnavailableException e) {
      throw unaudited(e);
    }
  }

  /** A change that could not be recorded and so was not made. */
  static Refusal unaudited(AuditUnavailableException e) {
    return new Refusal(
        503, "audit", "Nothing was changed: the audit log cannot be written. " + e.getMessage());
  }

  /** A text that must be in a body. */
  static String text(JsonObject body, String key) throws Refusal {
    JsonElement value = body.get(key);
    if (value == null || !value.isJsonPrimitive() || !value.getAsJsonPrimitive().isString()) {
      throw new Refusal(400, "bad_value", "The body is not right: \"" + key + "\" must be a text.");
    }
    return value.getAsString();
  }

  private static Role role(String name) throws Refusal {
    return Arrays.stream(Role.values())
        .filter(role -> role.name().equals(name.toUpperCase(Locale.ROOT)))
        .findFirst()
        .orElseThrow(
            () ->
                new Refusal(
                    400,
                    "bad_value",
                    "The body is not right: \"role\" must be VIEWER, OPERATOR or ADMIN."));
  }
}
