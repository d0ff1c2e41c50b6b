package io.snaprail.console.internal.api;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import io.snaprail.api.driver.Tool;
import io.snaprail.api.runtime.Commissioning;
import io.snaprail.api.security.Principal;
import io.snaprail.api.security.Role;
import io.snaprail.console.internal.access.Caller;
import io.snaprail.console.internal.access.Refusal;
import io.snaprail.console.internal.access.RequestRules;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** Routes for setting devices up: what drivers there are, tests of settings, tools. */
public final class DriverRoutes {
  private final Services services;

  /** With the services to use. */
  public DriverRoutes(Services services) {
    this.services = services;
  }

  /** Starts a run. */
  @FunctionalInterface
  private interface Start {
    Commissioning.Run run(Commissioning commissioning, Map<String, Object> settings) throws Refusal;
  }

  /** Adds the routes. */
  public void addTo(Router router) {
    router
        .add("GET", "/api/v1/drivers", Role.VIEWER, this::drivers)
        .add("POST", "/api/v1/drivers/{pid}/check", Role.OPERATOR, this::check)
        .add("POST", "/api/v1/drivers/{pid}/test", Role.OPERATOR, this::test)
        .add("POST", "/api/v1/drivers/{pid}/tools/{tool}", Role.OPERATOR, this::tool)
        .add("GET", "/api/v1/runs/{id}", Role.OPERATOR, this::run)
        .add("DELETE", "/api/v1/runs/{id}", Role.OPERATOR, this::cancel);
  }

  private Commissioning commissioning() throws Refusal {
    return services
        .commissioning()
        .orElseThrow(() -> RequestRules.starting("the tools for setting up are"));
  }

  private Reply drivers(ApiRequest request) {
    List<String> testable = services.commissioning().map(Commissioning::pids).orElse(List.of());
    JsonObject json = new JsonObject();
    json.add(
        "drivers",
        Views.array(
            services.drivers(),
            form ->
                FieldViews.driver(
                    form,
                    testable.contains(form.pid()),
                    services.commissioning().map(c -> c.tools(form.pid())).orElse(List.of()),
                    services.commissioning().map(c -> c.presets(form.pid())).orElse(List.of()))));
    return Reply.ok(json);
  }

  /** What is wrong is told as something to mind too: whoever fills in a form is not through yet. */
  private Reply check(ApiRequest request) throws Refusal, IOException {
    String pid = request.parameter("pid");
    Commissioning commissioning = commissioning();
    if (!commissioning.pids().contains(pid)) {
      throw new Refusal(404, "no_driver", "There is no driver for '" + pid + "' that can check.");
    }
    Map<String, Object> settings = SettingsJson.read(request.body(ApiRequest.MAX_SETTINGS_BYTES));
    JsonObject json = new JsonObject();
    try {
      json.add("notes", Views.array(commissioning.check(pid, settings), JsonPrimitive::new));
      json.addProperty("wrong", "");
    } catch (IllegalArgumentException e) {
      json.add("notes", new JsonArray());
      json.addProperty("wrong", String.valueOf(e.getMessage()));
    }
    return Reply.ok(json);
  }

  /** The role that a tool takes. */
  static Role role(Tool tool) {
    return tool.access() == Tool.Access.ADMINISTRATOR ? Role.ADMIN : Role.OPERATOR;
  }

  private Reply test(ApiRequest request) throws Refusal, IOException {
    String pid = request.parameter("pid");
    JsonObject body = request.body(ApiRequest.MAX_SETTINGS_BYTES);
    return start(body, (c, settings) -> c.test(pid, settings, actor(request)));
  }

  private Reply tool(ApiRequest request) throws Refusal, IOException {
    String pid = request.parameter("pid");
    String id = request.parameter("tool");
    JsonObject body = request.body(ApiRequest.MAX_SETTINGS_BYTES);
    Map<String, String> parameters = SettingsJson.texts(body, "parameters");
    Tool tool =
        commissioning().tools(pid).stream()
            .filter(known -> known.id().equals(id))
            .findFirst()
            .orElseThrow(
                () -> new Refusal(404, "no_tool", "'" + pid + "' has no tool '" + id + "'."));
    if (!request.caller().principal().role().includes(role(tool))) {
      throw new Refusal(403, "role", "\"" + tool.title() + "\" takes the role " + role(tool) + ".");
    }
    return start(body, (c, settings) -> c.run(pid, id, settings, parameters, actor(request)));
  }

  private Reply start(JsonObject body, Start start) throws Refusal {
    try {
      Commissioning.Run run = start.run(commissioning(), SettingsJson.read(body));
      return new Reply.Json(
          202, FieldViews.run(run, 0), Map.of("Location", "/api/v1/runs/" + run.id()));
    } catch (IllegalArgumentException e) {
      throw new Refusal(422, "bad_setting", String.valueOf(e.getMessage()));
    } catch (IllegalStateException e) {
      throw new Refusal(503, "busy", String.valueOf(e.getMessage()), Map.of("Retry-After", "5"));
    } catch (SecurityException e) {
      throw new Refusal(403, "role", String.valueOf(e.getMessage()));
    }
  }

  /** By the name under which the audit log knows it. */
  private static Principal actor(ApiRequest request) {
    Caller caller = request.caller();
    return new Principal(caller.actor(), caller.principal().role());
  }

  private Reply run(ApiRequest request) throws Refusal {
    String from = request.query("from").orElse("0");
    if (!from.matches("\\d{1,9}")) {
      throw new Refusal(400, "bad_value", "\"from\" must be the number of a row, from 0.");
    }
    return Reply.ok(FieldViews.run(find(request), Integer.parseInt(from)));
  }

  private Reply cancel(ApiRequest request) throws Refusal {
    commissioning().cancel(find(request).id());
    return new Reply.Empty();
  }

  private Commissioning.Run find(ApiRequest request) throws Refusal {
    return commissioning()
        .find(request.parameter("id"))
        .orElseThrow(
            () -> new Refusal(404, "no_run", "There is no such run any more; start it again."));
  }
}
