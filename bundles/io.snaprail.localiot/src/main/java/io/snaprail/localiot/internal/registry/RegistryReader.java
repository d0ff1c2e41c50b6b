package io.snaprail.localiot.internal.registry;

import com.google.gson.JsonObject;
import io.snaprail.localiot.internal.json.JsonException;
import io.snaprail.localiot.internal.json.Members;
import io.snaprail.localiot.internal.json.StrictJson;
import io.snaprail.localiot.internal.policy.PolicyDocument;
import io.snaprail.localiot.internal.policy.PolicyException;
import io.snaprail.localiot.internal.registry.DeviceCertificate.Issued;
import io.snaprail.localiot.internal.registry.DeviceCertificate.State;
import io.snaprail.localiot.internal.registry.DeviceCertificate.Status;
import io.snaprail.localiot.internal.registry.DeviceCertificate.Transfer;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;

/** Reads the registry's file. */
final class RegistryReader {
  static final int FORMAT = 2;

  private RegistryReader() {}

  static RegistryState read(String text) throws JsonException {
    JsonObject root = StrictJson.parseObject(text);
    long format = Members.number(root, "format");
    if (format != FORMAT) {
      throw new JsonException("format: expected " + FORMAT + ", found " + format);
    }
    try {
      ThingTables tables =
          new ThingTables(
              objects(root, "things", RegistryReader::thing),
              objects(root, "types", RegistryReader::type),
              objects(root, "groups", RegistryReader::group));
      return new RegistryState(
          tables,
          objects(root, "certificates", RegistryReader::certificate),
          objects(root, "authorities", RegistryReader::authority),
          objects(root, "policies", RegistryReader::policy),
          Members.string(root, "registrationCode"));
    } catch (IllegalArgumentException | DateTimeException e) {
      // A name that may not be, or an attachment that leads nowhere: the message says which.
      throw new JsonException(String.valueOf(e.getMessage()), e);
    }
  }

  private interface Reader<T> {
    T read(String name, JsonObject json) throws JsonException;
  }

  private static <T> Map<String, T> objects(JsonObject root, String key, Reader<T> reader)
      throws JsonException {
    JsonObject json = Members.object(root, key);
    Map<String, T> map = new TreeMap<>();
    for (String name : json.keySet()) {
      map.put(name, reader.read(name, Members.object(json, name)));
    }
    return map;
  }

  private static ThingType type(String name, JsonObject json) throws JsonException {
    return new ThingType(
        name,
        Members.string(json, "description"),
        Members.strings(json, "searchable"),
        instant(json, "created"),
        json.has("deprecated") ? instant(json, "deprecated") : null);
  }

  private static Thing thing(String name, JsonObject json) throws JsonException {
    return new Thing(
        name, Members.string(json, "type"), attributes(json), Members.number(json, "version"));
  }

  private static Map<String, String> attributes(JsonObject json) throws JsonException {
    JsonObject attributes = Members.object(json, "attributes");
    Map<String, String> values = new TreeMap<>();
    for (String attribute : attributes.keySet()) {
      values.put(attribute, Members.string(attributes, attribute));
    }
    return values;
  }

  private static ThingGroup group(String name, JsonObject json) throws JsonException {
    return new ThingGroup(
        new ThingGroup.About(
            name,
            Members.string(json, "parent"),
            Members.string(json, "description"),
            instant(json, "created")),
        attributes(json),
        Members.number(json, "version"),
        set(json, "things"),
        set(json, "policies"));
  }

  private static Policy policy(String name, JsonObject json) throws JsonException {
    JsonObject all = Members.object(json, "versions");
    NavigableMap<Integer, Policy.Version> versions = new TreeMap<>();
    for (String number : all.keySet()) {
      JsonObject one = Members.object(all, number);
      try {
        PolicyDocument document = PolicyDocument.parse(Members.string(one, "document"));
        versions.put(
            Integer.parseInt(number), new Policy.Version(document, instant(one, "created")));
      } catch (PolicyException e) {
        throw new JsonException(
            "policy '" + name + "' version " + number + ": " + e.getMessage(), e);
      }
    }
    return new Policy(
        name, versions, (int) Members.number(json, "default"), (int) Members.number(json, "last"));
  }

  private static ClientAuthority authority(String id, JsonObject json) throws JsonException {
    return new ClientAuthority(
        id,
        Members.string(json, "pem"),
        Members.bool(json, "active"),
        Members.bool(json, "autoRegistration"),
        instant(json, "registered"));
  }

  private static DeviceCertificate certificate(String id, JsonObject json) throws JsonException {
    Transfer transfer = null;
    if (json.has("transfer")) {
      JsonObject to = Members.object(json, "transfer");
      transfer = new Transfer(Members.string(to, "account"), Members.string(to, "message"));
    }
    return new DeviceCertificate(
        new Issued(
            id,
            Members.string(json, "pem"),
            Members.string(json, "authority"),
            instant(json, "registered")),
        new State(Status.valueOf(Members.string(json, "status")), instant(json, "since"), transfer),
        set(json, "things"),
        set(json, "policies"));
  }

  private static Set<String> set(JsonObject json, String key) throws JsonException {
    return Set.copyOf(Members.strings(json, key));
  }

  private static Instant instant(JsonObject json, String key) throws JsonException {
    return Instant.parse(Members.string(json, key));
  }
}
