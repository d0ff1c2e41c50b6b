package io.snaprail.localiot.internal.provisioning;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import io.snaprail.localiot.internal.json.StrictJson;
import io.snaprail.localiot.internal.provisioning.Template.Resource;
import io.snaprail.localiot.internal.registry.DeviceCertificate.Status;
import io.snaprail.localiot.internal.registry.Registry;
import io.snaprail.localiot.internal.registry.RegistryException;
import io.snaprail.localiot.internal.registry.Thing;
import io.snaprail.localiot.internal.registry.Things;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Does what a template says for one certificate. All is evaluated before anything is changed; each
 * change can be done again, so a device that asks again after a power cut gets to the end.
 */
final class Registration {
  private static final String DO_NOTHING = "DO_NOTHING";

  private final Registry registry;
  private final Template template;
  private final Expressions expressions;
  private final String certificateId;

  Registration(
      Registry registry, Template template, Map<String, String> values, String certificateId) {
    this.registry = registry;
    this.template = template;
    this.expressions = new Expressions(values, template.mappings());
    this.certificateId = certificateId;
  }

  private record ThingPlan(
      String name,
      Map<String, String> attributes,
      String type,
      List<String> groups,
      Map<String, String> overrides) {}

  /** A policy that is there, or one to make: then with its document. */
  private record PolicyPlan(String name, @Nullable String document) {}

  /** Provisions; the answer for the device. */
  JsonObject run() throws ProvisioningException {
    ThingPlan thing = thing(template.resources().thing());
    Status status = status(template.resources().certificate());
    List<PolicyPlan> policies = policies();
    JsonObject answer = new JsonObject();
    answer.add("deviceConfiguration", configuration());
    try {
      if (thing != null) {
        apply(thing);
        answer.addProperty("thingName", thing.name());
      }
      for (PolicyPlan policy : policies) {
        apply(policy);
      }
      registry.certificates().setStatus(certificateId, status);
    } catch (RegistryException e) {
      throw ProvisioningException.registry(e);
    }
    return answer;
  }

  // ---- what is to be

  private @Nullable ThingPlan thing(@Nullable Resource resource) throws ProvisioningException {
    if (resource == null) {
      return null;
    }
    JsonObject properties = resource.properties();
    JsonElement name = properties.get("ThingName");
    if (name == null) {
      throw ProvisioningException.template("the thing has no ThingName");
    }
    Map<String, String> attributes = new TreeMap<>();
    if (properties.get("AttributePayload") instanceof JsonObject payload) {
      for (String key : payload.keySet()) {
        attributes.put(key, expressions.text(payload.get(key)));
      }
    }
    List<String> groups = new ArrayList<>();
    if (properties.get("ThingGroups") instanceof JsonArray array) {
      for (JsonElement group : array) {
        groups.add(expressions.text(group));
      }
    }
    JsonElement type = properties.get("ThingTypeName");
    return new ThingPlan(
        expressions.text(name),
        attributes,
        type == null ? "" : expressions.text(type),
        groups,
        resource.overrides());
  }

  private Status status(@Nullable Resource resource) throws ProvisioningException {
    if (resource == null) {
      throw ProvisioningException.template("expected a resource of Type AWS::IoT::Certificate");
    }
    JsonElement id = resource.properties().get("CertificateId");
    // Developer guide: "Only certificate IDs can be used with a fleet provisioning template."
    if (id == null || !expressions.text(id).equals(certificateId)) {
      throw ProvisioningException.template(
          "expected the CertificateId {\"Ref\":\"AWS::IoT::Certificate::Id\"}");
    }
    JsonElement status = resource.properties().get("Status");
    String name = status == null ? "ACTIVE" : expressions.text(status);
    return switch (name.toUpperCase(Locale.ROOT)) {
      case "ACTIVE" -> Status.ACTIVE;
      case "INACTIVE" -> Status.INACTIVE;
      default ->
          throw ProvisioningException.template(
              "Status: expected ACTIVE or INACTIVE, found '" + name + "'");
    };
  }

  private List<PolicyPlan> policies() throws ProvisioningException {
    List<PolicyPlan> plans = new ArrayList<>();
    for (Resource resource : template.resources().policies()) {
      JsonElement name = resource.properties().get("PolicyName");
      JsonElement document = resource.properties().get("PolicyDocument");
      if ((name == null) == (document == null)) {
        throw ProvisioningException.template(
            "a policy: expected PolicyName or PolicyDocument, and not both");
      }
      plans.add(
          document == null
              ? new PolicyPlan(expressions.text(required(name)), null)
              : madeOf(document));
    }
    return plans;
  }

  private PolicyPlan madeOf(JsonElement document) throws ProvisioningException {
    // As an object it is the policy; anything else comes to a text that holds it.
    boolean policy = document instanceof JsonObject object && object.has("Statement");
    String text = policy ? StrictJson.write(document) : expressions.text(document);
    UUID hash = UUID.nameUUIDFromBytes(text.getBytes(StandardCharsets.UTF_8));
    return new PolicyPlan("provisioned-" + hash, text);
  }

  private JsonObject configuration() throws ProvisioningException {
    JsonObject configuration = new JsonObject();
    for (String key : template.configuration().keySet()) {
      JsonElement value = expressions.value(template.configuration().get(key));
      if (!(value instanceof JsonPrimitive)) {
        throw ProvisioningException.template(
            "DeviceConfiguration: expected no nested objects, found one at '" + key + "'");
      }
      configuration.add(key, value);
    }
    return configuration;
  }

  // ---- doing it

  private void apply(ThingPlan plan) throws RegistryException, ProvisioningException {
    Thing known = registry.state().things().get(plan.name());
    if (known == null) {
      registry.things().create(plan.name(), plan.type(), plan.attributes());
      join(plan);
    } else {
      override(known, plan);
    }
    registry.things().attach(plan.name(), certificateId);
  }

  private void override(Thing known, ThingPlan plan)
      throws RegistryException, ProvisioningException {
    boolean sameAttributes = known.attributes().equals(plan.attributes());
    String attributes = action(plan, "ATTRIBUTEPAYLOAD", sameAttributes);
    String type = action(plan, "THINGTYPENAME", known.type().equals(plan.type()));
    List<String> present = registry.state().groupsOf(plan.name());
    String groups = action(plan, "THINGGROUPS", present.containsAll(plan.groups()));
    if (!attributes.equals(DO_NOTHING) || type.equals("REPLACE")) {
      Map<String, String> wanted =
          attributes.equals(DO_NOTHING) ? known.attributes() : plan.attributes();
      boolean replaced = type.equals("REPLACE");
      registry
          .things()
          .update(
              plan.name(),
              new Things.Update(
                  wanted,
                  attributes.equals("MERGE"),
                  replaced ? plan.type() : "",
                  replaced && plan.type().isEmpty(),
                  OptionalLong.empty()));
    }
    if (groups.equals("REPLACE")) {
      for (String group : present) {
        if (!plan.groups().contains(group)) {
          registry.groups().remove(group, plan.name());
        }
      }
    }
    if (!groups.equals(DO_NOTHING)) {
      join(plan);
    }
  }

  /** What to do about a property that is there: nothing when it is the same. */
  private static String action(ThingPlan plan, String property, boolean same)
      throws ProvisioningException {
    String action = same ? DO_NOTHING : plan.overrides().getOrDefault(property, DO_NOTHING);
    if (action.equals("FAIL")) {
      throw ProvisioningException.conflict(
          "thing '" + plan.name() + "' is there and differs from what the template says");
    }
    return action;
  }

  private void join(ThingPlan plan) throws RegistryException {
    for (String group : plan.groups()) {
      registry.groups().add(group, plan.name());
    }
  }

  private void apply(PolicyPlan plan) throws RegistryException {
    if (plan.document() != null && !registry.state().policies().containsKey(plan.name())) {
      registry.policies().create(plan.name(), plan.document());
    }
    registry.policies().attach(plan.name(), certificateId);
  }

  private static JsonElement required(@Nullable JsonElement element) {
    if (element == null) {
      throw new IllegalStateException("checked before");
    }
    return element;
  }

  /** What templates know of the certificate without being told. */
  static Map<String, String> given(String certificateId, String commonName) {
    Map<String, String> given = new HashMap<>();
    given.put("AWS::IoT::Certificate::Id", certificateId);
    if (!commonName.isEmpty()) {
      given.put("AWS::IoT::Certificate::CommonName", commonName);
    }
    return given;
  }
}
