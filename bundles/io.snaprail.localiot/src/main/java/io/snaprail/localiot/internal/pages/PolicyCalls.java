package io.snaprail.localiot.internal.pages;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.snaprail.api.console.ConsoleAnswer;
import io.snaprail.api.console.ConsoleCall;
import io.snaprail.api.console.ConsoleException;
import io.snaprail.api.console.ConsoleRequest;
import io.snaprail.api.security.Role;
import io.snaprail.localiot.internal.policy.PolicyDocument;
import io.snaprail.localiot.internal.policy.PolicyException;
import io.snaprail.localiot.internal.registry.Policy;
import io.snaprail.localiot.internal.registry.Registry;
import io.snaprail.localiot.internal.registry.RegistryException;
import java.util.List;

/** Calls on policies. */
final class PolicyCalls {
  private final PartsSource parts;
  private final RegistryCalls registry;

  PolicyCalls(PartsSource parts) {
    this.parts = parts;
    this.registry = new RegistryCalls(parts);
  }

  List<ConsoleCall> calls() {
    return List.of(
        ConsoleCall.read("policies", Role.VIEWER, "Policies", this::list),
        ConsoleCall.read(
            "policies/{name}",
            Role.VIEWER,
            "A policy with the documents of its versions",
            registry.on(PolicyCalls::policy)),
        change(
            "POST",
            "policies",
            "Create a policy",
            (all, request, body) -> {
              all.policies().create(body.text("name"), body.text("document"));
              return RegistryCalls.done();
            }),
        change(
            "POST",
            "policies/{name}/versions",
            "Create a version of a policy",
            (all, request, body) -> {
              all.policies()
                  .createVersion(
                      request.parameter("name"), body.text("document"), body.flag("default"));
              return RegistryCalls.done();
            }),
        change(
            "PUT",
            "policies/{name}/default",
            "Make a version of a policy count",
            (all, request, body) -> {
              all.policies()
                  .setDefault(
                      request.parameter("name"), body.number("version", 1, Integer.MAX_VALUE));
              return RegistryCalls.done();
            }),
        change(
            "DELETE",
            "policies/{name}/versions/{version}",
            "Delete a version of a policy",
            (all, request, body) -> {
              all.policies()
                  .deleteVersion(request.parameter("name"), Numbers.parameter(request, "version"));
              return RegistryCalls.done();
            }),
        change(
            "DELETE",
            "policies/{name}",
            "Delete a policy",
            (all, request, body) -> {
              all.policies().delete(request.parameter("name"));
              return RegistryCalls.done();
            }),
        ConsoleCall.ask(
            "policy-check", Role.VIEWER, "What is wrong with a policy document", this::check),
        ConsoleCall.ask(
            "policy-try",
            Role.VIEWER,
            "Whether something would be allowed, and by which statement",
            registry.on(
                (all, request, body) ->
                    PolicyTrial.answer(parts.require().broker().arns(), all, request, body))));
  }

  private ConsoleCall change(String method, String path, String summary, RegistryCalls.Work work) {
    return ConsoleCall.change(method, path, Role.ADMIN, summary, registry.on(work));
  }

  private ConsoleAnswer list(ConsoleRequest request) throws ConsoleException {
    Registry all = parts.require().registry();
    JsonArray policies = new JsonArray();
    for (Policy policy : all.policies().list()) {
      policies.add(summary(all, policy));
    }
    JsonObject json = new JsonObject();
    json.add("policies", policies);
    json.addProperty("prefix", parts.require().broker().arns().topic(""));
    return RegistryCalls.json(json);
  }

  private static JsonObject summary(Registry all, Policy policy) {
    JsonObject json = new JsonObject();
    json.addProperty("name", policy.name());
    json.addProperty("default", policy.defaultVersion());
    json.addProperty("versions", policy.versions().size());
    json.add(
        "certificates",
        RegistryCalls.array(
            all.certificates().list().stream()
                .filter(one -> one.policies().contains(policy.name()))
                .map(one -> one.id())
                .toList()));
    json.add(
        "groups",
        RegistryCalls.array(
            all.groups().list().stream()
                .filter(one -> one.policies().contains(policy.name()))
                .map(one -> one.name())
                .toList()));
    return json;
  }

  private static ConsoleAnswer policy(Registry all, ConsoleRequest request, Body body)
      throws RegistryException {
    Policy policy = all.policies().describe(request.parameter("name"));
    JsonObject json = summary(all, policy);
    JsonArray versions = new JsonArray();
    policy
        .versions()
        .forEach(
            (number, version) -> {
              JsonObject one = new JsonObject();
              one.addProperty("version", number);
              one.addProperty("created", version.created().toString());
              one.addProperty("document", version.document().text());
              versions.add(one);
            });
    json.add("versions", versions);
    return RegistryCalls.json(json);
  }

  private ConsoleAnswer check(ConsoleRequest request) throws ConsoleException {
    JsonObject json = new JsonObject();
    String document = Body.of(request).text("document");
    try {
      PolicyDocument.parse(document);
    } catch (PolicyException e) {
      Fault.of(String.valueOf(e.getMessage()), document).addTo(json);
    }
    return RegistryCalls.json(json);
  }
}
