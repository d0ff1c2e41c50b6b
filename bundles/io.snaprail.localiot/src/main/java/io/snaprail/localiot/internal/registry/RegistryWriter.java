package io.snaprail.localiot.internal.registry;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.snaprail.localiot.internal.json.StrictJson;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/** Writes the registry's file. */
final class RegistryWriter {
  private RegistryWriter() {}

  static String write(RegistryState state) {
    JsonObject root = new JsonObject();
    root.addProperty("format", RegistryReader.FORMAT);
    root.addProperty("registrationCode", state.registrationCode());
    root.add("types", objects(state.types(), RegistryWriter::type));
    root.add("things", objects(state.things(), RegistryWriter::thing));
    root.add("groups", objects(state.groups(), RegistryWriter::group));
    root.add("policies", objects(state.policies(), RegistryWriter::policy));
    root.add("authorities", objects(state.authorities(), RegistryWriter::authority));
    root.add("certificates", objects(state.certificates(), RegistryWriter::certificate));
    return StrictJson.writePretty(root);
  }

  private static <T> JsonObject objects(
      Map<String, T> map, java.util.function.Function<T, JsonObject> writer) {
    JsonObject json = new JsonObject();
    map.forEach((name, one) -> json.add(name, writer.apply(one)));
    return json;
  }

  private static JsonObject type(ThingType type) {
    JsonObject json = new JsonObject();
    json.addProperty("description", type.description());
    json.add("searchable", array(type.searchable()));
    json.addProperty("created", type.created().toString());
    if (type.deprecated() != null) {
      json.addProperty("deprecated", type.deprecated().toString());
    }
    return json;
  }

  private static JsonObject thing(Thing thing) {
    JsonObject json = new JsonObject();
    json.addProperty("type", thing.type());
    json.addProperty("version", thing.version());
    json.add("attributes", attributes(thing.attributes()));
    return json;
  }

  private static JsonObject attributes(Map<String, String> attributes) {
    JsonObject json = new JsonObject();
    new TreeMap<>(attributes).forEach(json::addProperty);
    return json;
  }

  private static JsonObject group(ThingGroup group) {
    JsonObject json = new JsonObject();
    json.addProperty("parent", group.parent());
    json.addProperty("description", group.about().description());
    json.addProperty("created", group.about().created().toString());
    json.addProperty("version", group.version());
    json.add("attributes", attributes(group.attributes()));
    json.add("things", array(new TreeSet<>(group.things())));
    json.add("policies", array(new TreeSet<>(group.policies())));
    return json;
  }

  private static JsonObject policy(Policy policy) {
    JsonObject versions = new JsonObject();
    policy
        .versions()
        .forEach(
            (number, version) -> {
              JsonObject one = new JsonObject();
              one.addProperty("created", version.created().toString());
              one.addProperty("document", version.document().text());
              versions.add(number.toString(), one);
            });
    JsonObject json = new JsonObject();
    json.addProperty("default", policy.defaultVersion());
    json.addProperty("last", policy.lastVersion());
    json.add("versions", versions);
    return json;
  }

  private static JsonObject authority(ClientAuthority authority) {
    JsonObject json = new JsonObject();
    json.addProperty("active", authority.active());
    json.addProperty("autoRegistration", authority.autoRegistration());
    json.addProperty("registered", authority.registered().toString());
    json.addProperty("pem", authority.pem());
    return json;
  }

  private static JsonObject certificate(DeviceCertificate certificate) {
    JsonObject json = new JsonObject();
    json.addProperty("status", certificate.status().name());
    json.addProperty("since", certificate.state().since().toString());
    DeviceCertificate.Transfer transfer = certificate.state().transfer();
    if (transfer != null) {
      JsonObject to = new JsonObject();
      to.addProperty("account", transfer.account());
      to.addProperty("message", transfer.message());
      json.add("transfer", to);
    }
    json.addProperty("authority", certificate.authority());
    json.addProperty("registered", certificate.issued().registered().toString());
    json.add("things", array(new TreeSet<>(certificate.things())));
    json.add("policies", array(new TreeSet<>(certificate.policies())));
    json.addProperty("pem", certificate.pem());
    return json;
  }

  private static JsonArray array(Collection<String> names) {
    JsonArray array = new JsonArray();
    names.forEach(array::add);
    return array;
  }
}
