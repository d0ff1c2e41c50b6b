package io.snaprail.localiot.internal.registry;

import io.snaprail.localiot.internal.policy.Variables;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The policy variables of a connection (AWS IoT Core developer guide, "AWS IoT Core policy
 * variables"). Those of the thing have values only when the certificate is attached to the thing
 * whose name is the client id. For one decision by one thread.
 */
public final class ClientVariables implements Variables {
  private static final String THING = "iot:Connection.Thing.";

  /** As older examples of the developer guide write it. */
  private static final String THING_BEFORE = "iot:Thing.";

  private final RegistryState state;
  private final DeviceCertificate certificate;
  private final Connection connection;
  private @Nullable Map<String, List<String>> shown;

  /** The variables as the registry is now. */
  public ClientVariables(RegistryState state, DeviceCertificate known, Connection connection) {
    this.state = state;
    this.certificate = known;
    this.connection = connection;
  }

  /**
   * What a connection brings.
   *
   * @param clientId its client id
   * @param shown its certificate
   * @param fixed other variables that stay as they are while it lasts: address, attributes of
   *     CONNECT
   */
  public record Connection(
      String clientId, X509Certificate shown, Map<String, List<String>> fixed) {
    /** Copies the map. */
    public Connection {
      fixed = Map.copyOf(fixed);
    }
  }

  @Override
  public List<String> values(String name) {
    if (name.equals("iot:ClientId")) {
      return List.of(connection.clientId());
    }
    String of =
        name.startsWith(THING_BEFORE) ? THING + name.substring(THING_BEFORE.length()) : name;
    return of.startsWith(THING)
        ? thing(of.substring(THING.length()))
        : name.startsWith("iot:Certificate")
            ? shown().getOrDefault(name, List.of())
            : connection.fixed().getOrDefault(name, List.of());
  }

  // Taken apart only for policies that ask: a thousand clients need not keep it.
  private Map<String, List<String>> shown() {
    Map<String, List<String>> known = shown;
    if (known == null) {
      known = CertificateVariables.of(connection.shown());
      shown = known;
    }
    return known;
  }

  private List<String> thing(String name) {
    boolean attached = certificate.things().contains(connection.clientId());
    if (name.equals("IsAttached")) {
      return List.of(Boolean.toString(attached));
    }
    Thing thing = attached ? state.things().get(connection.clientId()) : null;
    if (thing == null) {
      return List.of();
    }
    if (name.equals("ThingName")) {
      return List.of(thing.name());
    }
    if (name.equals("ThingTypeName")) {
      return thing.type().isEmpty() ? List.of() : List.of(thing.type());
    }
    if (name.startsWith("Attributes[") && name.endsWith("]")) {
      String value =
          thing.attributes().get(name.substring("Attributes[".length(), name.length() - 1));
      return value == null ? List.of() : List.of(value);
    }
    return List.of();
  }

  /** Every variable that has a value, for people. */
  public Map<String, List<String>> all() {
    Map<String, List<String>> all = new TreeMap<>(connection.fixed());
    all.putAll(shown());
    all.put("iot:ClientId", values("iot:ClientId"));
    for (String name : List.of("IsAttached", "ThingName", "ThingTypeName")) {
      all.put(THING + name, values(THING + name));
    }
    Thing thing = state.things().get(connection.clientId());
    if (thing != null) {
      thing
          .attributes()
          .keySet()
          .forEach(
              name -> {
                String variable = THING + "Attributes[" + name + "]";
                all.put(variable, values(variable));
              });
    }
    all.values().removeIf(List::isEmpty);
    return all;
  }
}
