package io.snaprail.localiot.internal.pages;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.snaprail.api.console.ConsoleAnswer;
import io.snaprail.api.console.ConsoleCall;
import io.snaprail.api.console.ConsoleException;
import io.snaprail.api.console.ConsoleRequest;
import io.snaprail.api.security.Role;
import io.snaprail.localiot.internal.broker.BrokerContext;
import io.snaprail.localiot.internal.registry.DeviceCertificate;
import io.snaprail.localiot.internal.registry.Registry;
import io.snaprail.localiot.internal.registry.RegistryException;
import io.snaprail.localiot.internal.registry.RegistryState;
import io.snaprail.localiot.internal.registry.Thing;
import io.snaprail.localiot.internal.registry.ThingGroup;
import io.snaprail.localiot.internal.registry.Things;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/** Calls on things, their types and groups. */
final class ThingCalls {
  private final PartsSource parts;
  private final RegistryCalls registry;

  ThingCalls(PartsSource parts) {
    this.parts = parts;
    this.registry = new RegistryCalls(parts);
  }

  List<ConsoleCall> calls() {
    return List.of(
        ConsoleCall.read("endpoint", Role.VIEWER, "Where the endpoint is", this::endpoint),
        ConsoleCall.read("endpoint/roots", Role.VIEWER, "Its authority's certificate", this::roots),
        ConsoleCall.read("things", Role.VIEWER, "Things, their types and groups", this::list),
        change("POST", "things", "Create a thing", ThingCalls::create),
        change("PUT", "things/{name}", "Change a thing", ThingCalls::update),
        change(
            "DELETE",
            "things/{name}",
            "Delete a thing",
            (all, request, body) -> {
              all.things().delete(request.parameter("name"), OptionalLong.empty());
              return RegistryCalls.done();
            }),
        change(
            "POST",
            "types",
            "Create a thing type",
            (all, request, body) -> {
              all.types().create(body.text("name"), body.optional("description"), List.of());
              return RegistryCalls.done();
            }),
        change(
            "POST",
            "groups",
            "Create a thing group",
            (all, request, body) -> {
              all.groups()
                  .create(
                      body.text("name"),
                      body.optional("parent"),
                      body.optional("description"),
                      Map.of());
              return RegistryCalls.done();
            }),
        change(
            "POST",
            "groups/{name}/things",
            "Put a thing into a group",
            (all, request, body) -> {
              all.groups().add(request.parameter("name"), body.text("thing"));
              return RegistryCalls.done();
            }),
        change(
            "DELETE",
            "groups/{name}/things/{thing}",
            "Take a thing out of a group",
            (all, request, body) -> {
              all.groups().remove(request.parameter("name"), request.parameter("thing"));
              return RegistryCalls.done();
            }));
  }

  private ConsoleCall change(String method, String path, String summary, RegistryCalls.Work work) {
    return ConsoleCall.change(method, path, Role.ADMIN, summary, registry.on(work));
  }

  private ConsoleAnswer endpoint(ConsoleRequest request) throws ConsoleException {
    Parts.About about = parts.require().about();
    JsonObject json = new JsonObject();
    json.addProperty("host", about.host());
    json.addProperty("port", about.port());
    return RegistryCalls.json(json);
  }

  private ConsoleAnswer roots(ConsoleRequest request) throws ConsoleException {
    return ConsoleAnswer.file(
        "local-endpoint-ca.pem", "application/x-pem-file", parts.require().about().rootsPem());
  }

  private ConsoleAnswer list(ConsoleRequest request) throws ConsoleException {
    Parts present = parts.require();
    RegistryState state = present.registry().state();
    JsonArray things = new JsonArray();
    state.things().values().forEach(thing -> things.add(thing(state, thing, present.broker())));
    JsonArray groups = new JsonArray();
    state.groups().values().forEach(group -> groups.add(group(group)));
    JsonObject json = new JsonObject();
    json.add("things", things);
    json.add("types", RegistryCalls.array(state.types().keySet()));
    json.add("groups", groups);
    return RegistryCalls.json(json);
  }

  private static JsonObject thing(RegistryState state, Thing thing, BrokerContext broker) {
    JsonObject json = new JsonObject();
    json.addProperty("name", thing.name());
    json.addProperty("type", thing.type());
    json.addProperty("version", thing.version());
    JsonObject attributes = new JsonObject();
    thing.attributes().forEach(attributes::addProperty);
    json.add("attributes", attributes);
    json.add(
        "certificates",
        RegistryCalls.array(
            state.certificates().values().stream()
                .filter(one -> one.things().contains(thing.name()))
                .map(DeviceCertificate::id)
                .toList()));
    json.add("groups", RegistryCalls.array(state.groupsOf(thing.name())));
    json.addProperty("connected", broker.broker().isConnected(thing.name()));
    return json;
  }

  private static JsonObject group(ThingGroup group) {
    JsonObject json = new JsonObject();
    json.addProperty("name", group.name());
    json.addProperty("parent", group.parent());
    json.addProperty("description", group.about().description());
    json.add("things", RegistryCalls.array(group.things()));
    json.add("policies", RegistryCalls.array(group.policies()));
    return json;
  }

  private static ConsoleAnswer create(Registry all, ConsoleRequest request, Body body)
      throws RegistryException, ConsoleException {
    String name = body.text("name");
    if (all.state().things().containsKey(name)) {
      throw new ConsoleException(
          409, "ResourceAlreadyExistsException", "There is a thing '" + name + "' already.");
    }
    all.things().create(name, body.optional("type"), body.texts("attributes"));
    return RegistryCalls.done();
  }

  private static ConsoleAnswer update(Registry all, ConsoleRequest request, Body body)
      throws RegistryException, ConsoleException {
    String type = body.optional("type");
    Thing old = all.things().describe(request.parameter("name"));
    OptionalLong version =
        body.has("version")
            ? OptionalLong.of(body.number("version", 0, Integer.MAX_VALUE))
            : OptionalLong.empty();
    all.things()
        .update(
            old.name(),
            new Things.Update(
                body.texts("attributes"),
                false,
                type,
                type.isEmpty() && !old.type().isEmpty(),
                version));
    return RegistryCalls.done();
  }
}
