package io.snaprail.localiot.internal.registry;

import io.snaprail.localiot.internal.limits.Quotas;
import io.snaprail.localiot.internal.registry.RegistryException.Kind;
import java.time.Instant;
import java.util.List;

/** Operations on types of things (AWS IoT API: CreateThingType, DeprecateThingType, ...). */
public final class ThingTypes {
  private final Registry registry;

  ThingTypes(Registry registry) {
    this.registry = registry;
  }

  /** Makes a type. Succeeds when there is one with the same content. */
  public ThingType create(String name, String description, List<String> searchable)
      throws RegistryException {
    return find(
        registry.apply(
            state -> {
              Instant now = registry.environment().clock().instant();
              ThingType type = new ThingType(name, description, searchable, now, null);
              ThingType old = state.types().get(name);
              if (old == null) {
                return state.with(state.tables().with(type));
              }
              if (old.description().equals(description)
                  && old.searchable().equals(type.searchable())) {
                return state;
              }
              throw new RegistryException(
                  Kind.RESOURCE_ALREADY_EXISTS,
                  "thing type '" + name + "' exists with other content; types cannot be changed");
            }),
        name);
  }

  /**
   * Says whether things may still take a type.
   *
   * @param undo to let them again
   */
  public void deprecate(String name, boolean undo) throws RegistryException {
    registry.apply(
        state -> {
          ThingType type = find(state, name);
          if ((type.deprecated() == null) == undo) {
            return state;
          }
          Instant since = undo ? null : registry.environment().clock().instant();
          return state.with(state.tables().with(type.withDeprecated(since)));
        });
  }

  /** Deletes a type that is deprecated (strict: for 5 minutes) and that no thing has. */
  public void delete(String name) throws RegistryException {
    registry.apply(
        state -> {
          Instant since = find(state, name).deprecated();
          if (since == null) {
            throw RegistryException.invalid(
                "thing type '" + name + "' is in use; deprecate it before you delete it");
          }
          Instant allowed = since.plus(Quotas.DEPRECATED_BEFORE_DELETE);
          if (registry.environment().rules().strict()
              && registry.environment().clock().instant().isBefore(allowed)) {
            throw RegistryException.invalid(
                "thing type '%s' may be deleted 5 minutes after it was deprecated; wait until %s"
                    .formatted(name, allowed));
          }
          List<String> users =
              state.things().values().stream()
                  .filter(thing -> thing.type().equals(name))
                  .map(Thing::name)
                  .toList();
          if (!users.isEmpty()) {
            throw RegistryException.invalid(
                "thing type '%s' is the type of %d things, such as '%s'; take it from them first"
                    .formatted(name, users.size(), users.get(0)));
          }
          return state.with(state.tables().withoutType(name));
        });
  }

  /** One type. */
  public ThingType describe(String name) throws RegistryException {
    return find(registry.state(), name);
  }

  /** All types, by name. */
  public List<ThingType> list() {
    return List.copyOf(registry.state().types().values());
  }

  static ThingType find(RegistryState state, String name) throws RegistryException {
    ThingType type = state.types().get(name);
    if (type == null) {
      throw RegistryException.notFound("thing type", name);
    }
    return type;
  }
}
