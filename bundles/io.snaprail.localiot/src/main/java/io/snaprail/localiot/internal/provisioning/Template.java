package io.snaprail.localiot.internal.provisioning;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import io.snaprail.localiot.internal.json.JsonException;
import io.snaprail.localiot.internal.json.StrictJson;
import io.snaprail.localiot.internal.limits.Quotas;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A provisioning template, read and found right as far as that can be told without a device
 * (developer guide, "Provisioning templates").
 *
 * @param parameters name, and the value for devices that give none
 * @param mappings {@code Mappings}
 * @param resources the three kinds
 * @param configuration {@code DeviceConfiguration}, not yet evaluated
 */
record Template(
    Map<String, Optional<String>> parameters,
    JsonObject mappings,
    Resources resources,
    JsonObject configuration) {
  private static final Pattern NAME = Pattern.compile("[0-9A-Za-z_-]{1,36}");
  private static final Set<String> SECTIONS =
      Set.of("Parameters", "Mappings", "Resources", "DeviceConfiguration");

  /** Values that every template has without declaring them. */
  private static final String GIVEN = "AWS::IoT::Certificate::";

  /**
   * The resources.
   *
   * @param thing null when the template makes none
   * @param certificate the one that the device has asked for
   * @param policies those that it gets
   */
  record Resources(
      @Nullable Resource thing, @Nullable Resource certificate, List<Resource> policies) {}

  /**
   * One resource.
   *
   * @param properties as they stand
   * @param overrides by property, in upper case without blanks and underscores
   */
  record Resource(JsonObject properties, Map<String, String> overrides) {}

  static boolean validName(String name) {
    return NAME.matcher(name).matches();
  }

  /** Reads the text of a template. */
  static Template parse(String text) throws ProvisioningException {
    if (text.length() > Quotas.TEMPLATE_CHARACTERS) {
      throw ProvisioningException.template(
          "expected at most %d characters, found %d"
              .formatted(Quotas.TEMPLATE_CHARACTERS, text.length()));
    }
    JsonObject json;
    try {
      json = StrictJson.parseObject(text);
    } catch (JsonException e) {
      throw ProvisioningException.template(String.valueOf(e.getMessage()));
    }
    for (String section : json.keySet()) {
      if (!SECTIONS.contains(section)) {
        throw ProvisioningException.template(
            "expected Parameters, Mappings, Resources and DeviceConfiguration, found '"
                + section
                + "'");
      }
    }
    return new Template(
        parameters(object(json, "Parameters", "the template")),
        object(json, "Mappings", "the template"),
        resources(object(json, "Resources", "the template")),
        object(json, "DeviceConfiguration", "the template"));
  }

  /** Values for its parameters: what the device gives, and else the default. */
  Map<String, String> values(Map<String, String> given, Map<String, String> ofCertificate)
      throws ProvisioningException {
    Map<String, String> values = new HashMap<>(given);
    for (Map.Entry<String, Optional<String>> parameter : parameters.entrySet()) {
      String name = parameter.getKey();
      if (!values.containsKey(name) && !name.startsWith(GIVEN)) {
        values.put(
            name,
            parameter
                .getValue()
                .orElseThrow(
                    () ->
                        ProvisioningException.parameters("parameter '" + name + "' has no value")));
      }
    }
    values.keySet().removeIf(name -> name.startsWith(GIVEN));
    values.putAll(ofCertificate);
    return values;
  }

  private static Map<String, Optional<String>> parameters(JsonObject json)
      throws ProvisioningException {
    Map<String, Optional<String>> parameters = new HashMap<>();
    for (String name : json.keySet()) {
      JsonObject one = object(json, name, "Parameters");
      if (!"String".equals(string(one, "Type"))) {
        throw ProvisioningException.template("parameter '" + name + "': expected Type String");
      }
      parameters.put(name, Optional.ofNullable(string(one, "Default")));
    }
    return parameters;
  }

  private static Resources resources(JsonObject json) throws ProvisioningException {
    Resource thing = null;
    Resource certificate = null;
    List<Resource> policies = new ArrayList<>();
    for (String name : json.keySet()) {
      JsonObject one = object(json, name, "Resources");
      Resource resource = new Resource(object(one, "Properties", name), overrides(one, name));
      String type = String.valueOf(string(one, "Type"));
      switch (type) {
        case "AWS::IoT::Thing" -> thing = single(thing, resource, type);
        case "AWS::IoT::Certificate" -> certificate = single(certificate, resource, type);
        case "AWS::IoT::Policy" -> policies.add(resource);
        default ->
            throw ProvisioningException.template(
                "resource '"
                    + name
                    + "': expected Type AWS::IoT::Thing, AWS::IoT::Certificate or"
                    + " AWS::IoT::Policy, found '"
                    + type
                    + "'");
      }
    }
    return new Resources(thing, certificate, List.copyOf(policies));
  }

  private static Resource single(@Nullable Resource before, Resource resource, String type)
      throws ProvisioningException {
    if (before != null) {
      throw ProvisioningException.template("Resources: expected one " + type + ", found two");
    }
    return resource;
  }

  private static Map<String, String> overrides(JsonObject resource, String name)
      throws ProvisioningException {
    JsonObject json = object(resource, "OverrideSettings", name);
    Map<String, String> overrides = new HashMap<>();
    for (String property : json.keySet()) {
      String action = String.valueOf(string(json, property));
      if (!Set.of("DO_NOTHING", "REPLACE", "FAIL", "MERGE").contains(action)) {
        throw ProvisioningException.template(
            "OverrideSettings of '"
                + name
                + "': expected DO_NOTHING, REPLACE, FAIL or MERGE, found '"
                + action
                + "'");
      }
      // The guide's text says ATTRIBUTE_PAYLOAD, its examples AttributePayload.
      overrides.put(property.replace("_", "").toUpperCase(java.util.Locale.ROOT), action);
    }
    return overrides;
  }

  private static JsonObject object(JsonObject parent, String name, String where)
      throws ProvisioningException {
    JsonElement found = parent.get(name);
    if (found == null) {
      return new JsonObject();
    }
    if (found.isJsonObject()) {
      return found.getAsJsonObject();
    }
    throw ProvisioningException.template(
        "%s of %s: expected an object, found %s".formatted(name, where, StrictJson.kind(found)));
  }

  private static @Nullable String string(JsonObject parent, String name) {
    return parent.get(name) instanceof JsonPrimitive text && text.isString()
        ? text.getAsString()
        : null;
  }
}
