package io.snaprail.localiot.internal.registry;

import io.snaprail.localiot.internal.limits.Quotas;
import io.snaprail.localiot.internal.registry.RegistryException.Kind;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;

/** Operations on things (AWS IoT API: CreateThing, UpdateThing, DeleteThing, ...). */
public final class Things {
  private final Registry registry;

  Things(Registry registry) {
    this.registry = registry;
  }

  /**
   * What to change of a thing.
   *
   * @param attributes new values; an empty one removes its attribute
   * @param merge whether attributes that are not named stay
   * @param type the type it is to have; empty to leave it as it is
   * @param removeType whether to take its type away
   * @param expectedVersion refuses when the thing has another version; empty for any
   */
  public record Update(
      Map<String, String> attributes,
      boolean merge,
      String type,
      boolean removeType,
      OptionalLong expectedVersion) {

    /** Copies the map. */
    public Update {
      attributes = Map.copyOf(attributes);
    }

    /** Changes attributes only. */
    public static Update attributes(Map<String, String> attributes, boolean merge) {
      return new Update(attributes, merge, "", false, OptionalLong.empty());
    }
  }

  /**
   * Makes a thing. Succeeds when there is one with the same content.
   *
   * @param type empty for none
   */
  public Thing create(String name, String type, Map<String, String> attributes)
      throws RegistryException {
    return find(
        registry.apply(
            state -> {
              Thing thing = checked(state, new Thing(name, type, filled(attributes), 1), true);
              Thing old = state.things().get(name);
              if (old != null) {
                if (old.type().equals(type) && old.attributes().equals(thing.attributes())) {
                  return state;
                }
                throw new RegistryException(
                    Kind.RESOURCE_ALREADY_EXISTS,
                    "thing '" + name + "' exists with other content; update it instead");
              }
              if (state.things().size() >= Quotas.THINGS) {
                throw new RegistryException(
                    Kind.LIMIT_EXCEEDED, "the local endpoint holds " + Quotas.THINGS + " things");
              }
              return state.with(thing);
            }),
        name);
  }

  /** Changes a thing. */
  public Thing update(String name, Update update) throws RegistryException {
    return find(
        registry.apply(
            state -> {
              Thing old = find(state, name);
              requireVersion(old, update.expectedVersion());
              if (update.removeType() && !update.type().isEmpty()) {
                throw RegistryException.invalid("either remove the type or set one, not both");
              }
              boolean typed = !update.type().isEmpty();
              String type = update.removeType() ? "" : typed ? update.type() : old.type();
              Map<String, String> attributes =
                  new TreeMap<>(update.merge() ? old.attributes() : Map.of());
              attributes.putAll(update.attributes());
              return state.with(
                  checked(
                      state,
                      new Thing(name, type, filled(attributes), old.version() + 1),
                      typed && !type.equals(old.type())));
            }),
        name);
  }

  /** Deletes a thing that no certificate is attached to; it leaves its groups. */
  public void delete(String name, OptionalLong expectedVersion) throws RegistryException {
    registry.apply(
        state -> {
          requireVersion(find(state, name), expectedVersion);
          List<String> attached = principals(state, name);
          if (!attached.isEmpty()) {
            throw RegistryException.invalid(
                "thing '%s' is still attached to %d certificates, such as %s; detach them first"
                    .formatted(name, attached.size(), attached.get(0)));
          }
          return state.with(state.tables().withoutThing(name));
        });
  }

  /** One thing. */
  public Thing describe(String name) throws RegistryException {
    return find(registry.state(), name);
  }

  /** All things, by name. */
  public List<Thing> list() {
    return List.copyOf(registry.state().things().values());
  }

  /** Ids of the certificates that are attached to a thing. */
  public List<String> principals(String name) throws RegistryException {
    RegistryState state = registry.state();
    find(state, name);
    return principals(state, name);
  }

  /** Attaches a certificate. */
  public void attach(String thing, String certificateId) throws RegistryException {
    registry.apply(
        state -> {
          find(state, thing);
          DeviceCertificate certificate = DeviceCertificates.find(state, certificateId);
          return state.with(certificate.withThings(ThingGroup.plus(certificate.things(), thing)));
        });
  }

  /** Detaches a certificate; succeeds when it is not attached. */
  public void detach(String thing, String certificateId) throws RegistryException {
    registry.apply(
        state -> {
          find(state, thing);
          DeviceCertificate certificate = DeviceCertificates.find(state, certificateId);
          return state.with(certificate.withThings(ThingGroup.minus(certificate.things(), thing)));
        });
  }

  static Thing find(RegistryState state, String name) throws RegistryException {
    Thing thing = state.things().get(name);
    if (thing == null) {
      throw RegistryException.notFound("thing", name);
    }
    return thing;
  }

  private static List<String> principals(RegistryState state, String thing) {
    return state.certificates().values().stream()
        .filter(one -> one.things().contains(thing))
        .map(DeviceCertificate::id)
        .toList();
  }

  private static Map<String, String> filled(Map<String, String> attributes) {
    Map<String, String> filled = new TreeMap<>(attributes);
    filled.values().removeIf(String::isEmpty);
    return filled;
  }

  private static Thing checked(RegistryState state, Thing thing, boolean typeIsNew)
      throws RegistryException {
    int most = thing.type().isEmpty() ? Quotas.ATTRIBUTES_WITHOUT_TYPE : Quotas.ATTRIBUTES;
    if (thing.attributes().size() > most) {
      throw RegistryException.invalid(
          "thing '%s': expected at most %d attributes%s, found %d"
              .formatted(
                  thing.name(),
                  most,
                  thing.type().isEmpty() ? " without a type (50 with one)" : "",
                  thing.attributes().size()));
    }
    if (!thing.type().isEmpty()) {
      ThingType type = ThingTypes.find(state, thing.type());
      if (typeIsNew && type.deprecated() != null) {
        throw RegistryException.invalid(
            "thing type '" + type.name() + "' is deprecated; take another or undo that");
      }
    }
    return thing;
  }

  private static void requireVersion(Thing thing, OptionalLong expected) throws RegistryException {
    if (expected.isPresent() && expected.getAsLong() != thing.version()) {
      throw new RegistryException(
          Kind.VERSION_CONFLICT,
          "thing '%s': expected version %d, found %d; read it again"
              .formatted(thing.name(), expected.getAsLong(), thing.version()));
    }
  }
}
