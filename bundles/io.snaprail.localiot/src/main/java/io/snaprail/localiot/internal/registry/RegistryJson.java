package io.snaprail.localiot.internal.registry;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.snaprail.localiot.internal.json.JsonException;
import io.snaprail.localiot.internal.json.Members;
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
    long format = Members.number(root, "format");
    if (format != FORMAT) {
      throw new JsonException("format: expected " + FORMAT + ", found " + format);
    }
    try {
      return new RegistryState(things(root), certificates(root), policies(root));
    } catch (IllegalArgumentException e) {
      // A name that may not be, or an attachment that leads nowhere: the message says which.
      throw new JsonException(String.valueOf(e.getMessage()), e);
    }
  }

  private static JsonObject thing(Thing thing) {
    JsonObject attributes = new JsonObject();
    thing.attributes().forEach(attributes::addProperty);
    JsonObject json = new JsonObject();
    json.add("attributes", attributes);
    return json;
  }

  private static Map<String, Thing> things(JsonObject root) throws JsonException {
    JsonObject json = Members.object(root, "things");
    Map<String, Thing> things = new HashMap<>();
    for (String name : json.keySet()) {
      JsonObject attributes = Members.object(Members.object(json, name), "attributes");
      Map<String, String> values = new HashMap<>();
      for (String attribute : attributes.keySet()) {
        values.put(attribute, Members.string(attributes, attribute));
      }
      things.put(name, new Thing(name, values));
    }
    return things;
  }

  private static Map<String, PolicyDocument> policies(JsonObject root) throws JsonException {
    JsonObject json = Members.object(root, "policies");
    Map<String, PolicyDocument> policies = new HashMap<>();
    for (String name : json.keySet()) {
      try {
        policies.put(name, PolicyDocument.parse(Members.string(json, name)));
      } catch (PolicyException e) {
        throw new JsonException("policy '" + name + "': " + e.getMessage(), e);
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

  private static Map<String, DeviceCertificate> certificates(JsonObject root) throws JsonException {
    JsonObject json = Members.object(root, "certificates");
    Map<String, DeviceCertificate> certificates = new HashMap<>();
    for (String id : json.keySet()) {
      certificates.put(id, certificate(id, Members.object(json, id)));
    }
    return certificates;
  }

  private static DeviceCertificate certificate(String id, JsonObject json) throws JsonException {
    return new DeviceCertificate(
        id,
        Members.string(json, "pem"),
        DeviceCertificate.Status.valueOf(Members.string(json, "status")),
        Members.string(json, "authority"),
        Set.copyOf(Members.strings(json, "things")),
        Set.copyOf(Members.strings(json, "policies")));
  }

  private static JsonArray array(Set<String> names) {
    JsonArray array = new JsonArray();
    new TreeSet<>(names).forEach(array::add);
    return array;
  }
}
