package io.snaprail.console.internal.api;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.snaprail.api.console.ConsoleCall;
import io.snaprail.api.console.ConsolePage;
import io.snaprail.api.security.Role;
import io.snaprail.console.internal.access.Refusal;
import io.snaprail.console.internal.ext.Extension;
import java.io.IOException;

/** Routes to the calls of extensions. */
public final class ExtensionRoutes {
  /** Where the calls of an extension are, and its name behind that. */
  static final String ROOT = "/api/v1/ext/";

  private final Services services;
  private final ExtensionCalls calls;

  /** With the extensions to serve. */
  public ExtensionRoutes(Services services) {
    this.services = services;
    this.calls = new ExtensionCalls(services);
  }

  /** Adds the routes. Which role a call takes is known when the extension is. */
  public void addTo(Router router) {
    router
        .add("GET", "/api/v1/ext", Role.VIEWER, this::list)
        .addBelow(
            ROOT + "{name}/{path}",
            Role.VIEWER,
            this::call,
            "GET",
            "POST",
            "PUT",
            "PATCH",
            "DELETE");
  }

  private Reply list(ApiRequest request) {
    Role role = request.caller().principal().role();
    JsonArray extensions = new JsonArray();
    for (Extension extension : services.extensions()) {
      JsonObject json = new JsonObject();
      json.addProperty("name", extension.name());
      json.addProperty("title", extension.title());
      json.add("pages", Views.array(extension.pages(role), page -> page(extension, page)));
      json.add("calls", Views.array(extension.calls(), call -> call(extension, call)));
      extensions.add(json);
    }
    JsonObject json = new JsonObject();
    json.add("extensions", extensions);
    return Reply.ok(json);
  }

  private static JsonObject page(Extension extension, ConsolePage page) {
    JsonObject json = new JsonObject();
    json.addProperty("path", extension.address(page));
    json.addProperty("title", page.title());
    json.addProperty("role", page.role().name());
    return json;
  }

  private static JsonObject call(Extension extension, ConsoleCall call) {
    JsonObject json = new JsonObject();
    json.addProperty("method", call.method());
    json.addProperty("path", ROOT + extension.name() + "/" + call.path());
    json.addProperty("role", call.role().name());
    json.addProperty("summary", call.summary());
    return json;
  }

  private Reply call(ApiRequest request) throws Refusal, IOException {
    String name = request.parameter("name");
    String path = request.parameter("path");
    Extension extension =
        services.extensions().stream()
            .filter(one -> one.name().equals(name))
            .findFirst()
            .orElseThrow(
                () ->
                    new Refusal(
                        404,
                        "not_found",
                        "There is no extension '" + name + "'; perhaps its bundle was removed."));
    Router router = new Router();
    for (ConsoleCall call : extension.calls()) {
      router.add(
          call.method(),
          ROOT + name + "/" + call.path(),
          call.role(),
          matched -> calls.make(extension, call, matched));
    }
    Router.Match match = router.match(request.http().getMethod(), ROOT + name + "/" + path);
    if (!request.caller().principal().role().includes(match.route().role())) {
      throw Refusal.role(match.route().role(), request.caller().principal());
    }
    return match
        .route()
        .handler()
        .handle(new ApiRequest(request.caller(), match.parameters(), request.http()));
  }
}
