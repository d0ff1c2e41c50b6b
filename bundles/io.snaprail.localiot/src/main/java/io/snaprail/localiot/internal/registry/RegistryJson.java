package io.snaprail.localiot.internal.registry;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.snaprail.localiot.internal.json.JsonException;
import io.snaprail.localiot.internal.json.StrictJson;
import io.snaprail.localiot.internal.policy.PolicyDocument;
import io.snaprail.localiot.internal.policy.PolicyException;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** The registry as it is written into its file. */
final class RegistryJson {
  private static final int FORMAT = 1;

  private RegistryJson() {}

  static String write(RegistryState state) {
    JsonObject root = new JsonObject();
    root.addProperty("format", FORMAT);
    JsonObject things = new JsonObject();
    state.things().forEach((name, thing) -> things.add(name, thing(thing)));
    root.add("things", things);
    JsonObject policies = new JsonObject();
    state.policies().forEach((name, policy) -> policies.addProperty(name, policy.text()));
    root.add("policies", policies);
    JsonObject certificates = new JsonObject();
    state.certificates().forEach((id, one) -> certificates.add(id, certificate(one)));
    root.add("certificates", certificates);
    return StrictJson.writePretty(root);
  }

  static RegistryState read(String text) throws JsonException {
    JsonObject root = StrictJson.parseObject(text);
    try {
      int format = root.get("format").getAsInt();
      if (format != FORMAT) {
        throw new JsonException("format: expected " + FORMAT + ", found " + format);
      }
      return new RegistryState(things(root), certificates(root), policies(root));
    } catch (NullPointerException
        | IllegalStateException
        | IllegalArgumentException
        | UnsupportedOperationException e) {
      // Gson's getters answer a missing or mistyped member with any of these.
      throw new JsonException("a member is missing or of another type: " + e.getMessage(), e);
    }
  }

  private static JsonObject thing(Thing thing) {
    JsonObject attributes = new JsonObject();
    thing.attributes().forEach(attributes::addProperty);
    JsonObject json = new JsonObject();
    json.add("attributes", attributes);
    return json;
  }

  private static Map<String, Thing> things(JsonObject root) {
    Map<String, Thing> things = new HashMap<>();
    root.getAsJsonObject("things")
        .asMap()
        .forEach((name, json) -> things.put(name, new Thing(name, attributes(json))));
    return things;
  }

  private static Map<String, String> attributes(JsonElement thing) {
    Map<String, String> attributes = new HashMap<>();
    thing
        .getAsJsonObject()
        .getAsJsonObject("attributes")
        .asMap()
        .forEach((name, value) -> attributes.put(name, value.getAsString()));
    return attributes;
  }

  private static Map<String, PolicyDocument> policies(JsonObject root) throws JsonException {
    Map<String, PolicyDocument> policies = new HashMap<>();
    for (Map.Entry<String, JsonElement> entry : root.getAsJsonObject("policies").entrySet()) {
      try {
        policies.put(entry.getKey(), PolicyDocument.parse(entry.getValue().getAsString()));
      } catch (PolicyException e) {
        throw new JsonException("policy '" + entry.getKey() + "': " + e.getMessage(), e);
      }
    }
    return policies;
  }

  private static JsonObject certificate(DeviceCertificate certificate) {
    JsonObject json = new JsonObject();
    json.addProperty("status", certificate.status().name());
    json.addProperty("authority", certificate.authority());
    json.add("things", array(certificate.things()));
    json.add("policies", array(certificate.policies()));
    json.addProperty("pem", certificate.pem());
    return json;
  }

  private static Map<String, DeviceCertificate> certificates(JsonObject root) {
    Map<String, DeviceCertificate> certificates = new HashMap<>();
    root.getAsJsonObject("certificates")
        .asMap()
        .forEach((id, json) -> certificates.put(id, certificate(id, json.getAsJsonObject())));
    return certificates;
  }

  private static DeviceCertificate certificate(String id, JsonObject json) {
    return new DeviceCertificate(
        id,
        json.get("pem").getAsString(),
        DeviceCertificate.Status.valueOf(json.get("status").getAsString()),
        json.get("authority").getAsString(),
        set(json.getAsJsonArray("things")),
        set(json.getAsJsonArray("policies")));
  }

  private static JsonArray array(Set<String> names) {
    JsonArray array = new JsonArray();
    new TreeSet<>(names).forEach(array::add);
    return array;
  }

  private static Set<String> set(JsonArray array) {
    Set<String> names = new TreeSet<>();
    array.forEach(element -> names.add(element.getAsString()));
    return names;
  }
}
