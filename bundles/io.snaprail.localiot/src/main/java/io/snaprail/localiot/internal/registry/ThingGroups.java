package io.snaprail.localiot.internal.registry;

import io.snaprail.localiot.internal.limits.Quotas;
import io.snaprail.localiot.internal.registry.RegistryException.Kind;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Operations on static groups of things (AWS IoT API: CreateThingGroup, ...). */
public final class ThingGroups {
  private final Registry registry;

  ThingGroups(Registry registry) {
    this.registry = registry;
  }

  /**
   * Makes a group. Succeeds when there is one with the same content.
   *
   * @param parent group that it is in, for ever; empty for none
   */
  public ThingGroup create(
      String name, String parent, String description, Map<String, String> attributes)
      throws RegistryException {
    return find(
        registry.apply(
            state -> {
              Instant now = registry.environment().clock().instant();
              ThingGroup group =
                  new ThingGroup(
                      new ThingGroup.About(name, parent, description, now),
                      attributes,
                      1,
                      Set.of(),
                      Set.of());
              ThingGroup old = state.groups().get(name);
              if (old != null) {
                return same(state, old, group);
              }
              requireRoom(state, group);
              return state.with(state.tables().with(group));
            }),
        name);
  }

  private static RegistryState same(RegistryState state, ThingGroup old, ThingGroup wanted)
      throws RegistryException {
    if (old.parent().equals(wanted.parent())
        && old.about().description().equals(wanted.about().description())
        && old.attributes().equals(wanted.attributes())) {
      return state;
    }
    throw new RegistryException(
        Kind.RESOURCE_ALREADY_EXISTS,
        "thing group '" + old.name() + "' exists with other content; update it instead");
  }

  private static void requireRoom(RegistryState state, ThingGroup group) throws RegistryException {
    requireFewAttributes(group);
    if (group.parent().isEmpty()) {
      return;
    }
    find(state, group.parent());
    long siblings =
        state.groups().values().stream().filter(one -> one.parent().equals(group.parent())).count();
    if (siblings >= Quotas.GROUPS_PER_GROUP) {
      throw new RegistryException(
          Kind.LIMIT_EXCEEDED,
          "thing group '%s' holds %d groups, which is the most"
              .formatted(group.parent(), Quotas.GROUPS_PER_GROUP));
    }
  }

  private static void requireFewAttributes(ThingGroup group) throws RegistryException {
    if (group.attributes().size() > Quotas.ATTRIBUTES) {
      throw RegistryException.invalid(
          "thing group '%s': expected at most %d attributes, found %d"
              .formatted(group.name(), Quotas.ATTRIBUTES, group.attributes().size()));
    }
  }

  /**
   * Changes the properties of a group.
   *
   * @param merge whether attributes that are not named stay
   * @param expectedVersion refuses when the group has another version; empty for any
   */
  public ThingGroup update(
      String name,
      String description,
      Map<String, String> attributes,
      boolean merge,
      OptionalLong expectedVersion)
      throws RegistryException {
    return find(
        registry.apply(
            state -> {
              ThingGroup old = find(state, name);
              requireVersion(old, expectedVersion);
              Map<String, String> values = new TreeMap<>(merge ? old.attributes() : Map.of());
              values.putAll(attributes);
              values.values().removeIf(String::isEmpty);
              ThingGroup changed =
                  new ThingGroup(
                      new ThingGroup.About(name, old.parent(), description, old.about().created()),
                      values,
                      old.version() + 1,
                      old.things(),
                      old.policies());
              requireFewAttributes(changed);
              return state.with(state.tables().with(changed));
            }),
        name);
  }

  /** Deletes a group that holds no groups; its things stay. */
  public void delete(String name, OptionalLong expectedVersion) throws RegistryException {
    registry.apply(
        state -> {
          requireVersion(find(state, name), expectedVersion);
          List<String> children = children(state, name);
          if (!children.isEmpty()) {
            throw RegistryException.invalid(
                "thing group '%s' holds %d groups, such as '%s'; delete them first"
                    .formatted(name, children.size(), children.get(0)));
          }
          return state.with(state.tables().withoutGroup(name));
        });
  }

  /** Puts a thing into a group; succeeds when it is in it. */
  public void add(String group, String thing) throws RegistryException {
    registry.apply(
        state -> {
          ThingGroup into = find(state, group);
          Things.find(state, thing);
          if (into.things().contains(thing)) {
            return state;
          }
          List<String> present = state.groupsOf(thing);
          if (present.size() >= Quotas.GROUPS_PER_THING) {
            throw new RegistryException(
                Kind.LIMIT_EXCEEDED,
                "thing '%s' is in %d groups, which is the most; remove it from one"
                    .formatted(thing, Quotas.GROUPS_PER_THING));
          }
          requireOtherHierarchy(state, group, thing, present);
          return state.with(
              state.tables().with(into.withThings(ThingGroup.plus(into.things(), thing))));
        });
  }

  // Developer guide, "Static thing groups": not in two groups that share a common parent.
  private static void requireOtherHierarchy(
      RegistryState state, String group, String thing, List<String> present)
      throws RegistryException {
    String root = root(state, group);
    for (String other : present) {
      if (root(state, other).equals(root)) {
        throw RegistryException.invalid(
            "thing '%s' is in group '%s', which is below '%s' too; remove it there first"
                .formatted(thing, other, root));
      }
    }
  }

  private static String root(RegistryState state, String group) {
    List<ThingGroup> chain = state.tables().chain(group);
    return chain.get(chain.size() - 1).name();
  }

  /** Takes a thing out of a group; succeeds when it is not in it. */
  public void remove(String group, String thing) throws RegistryException {
    registry.apply(
        state -> {
          ThingGroup from = find(state, group);
          Things.find(state, thing);
          return state.with(
              state.tables().with(from.withThings(ThingGroup.minus(from.things(), thing))));
        });
  }

  /** One group. */
  public ThingGroup describe(String name) throws RegistryException {
    return find(registry.state(), name);
  }

  /** All groups, by name. */
  public List<ThingGroup> list() {
    return List.copyOf(registry.state().groups().values());
  }

  /** Names of the things in a group, with those of the groups below it when {@code recursive}. */
  public Set<String> things(String name, boolean recursive) throws RegistryException {
    RegistryState state = registry.state();
    Set<String> things = new TreeSet<>(find(state, name).things());
    if (recursive) {
      for (String child : children(state, name)) {
        things.addAll(things(child, true));
      }
    }
    return things;
  }

  static ThingGroup find(RegistryState state, String name) throws RegistryException {
    ThingGroup group = state.groups().get(name);
    if (group == null) {
      throw RegistryException.notFound("thing group", name);
    }
    return group;
  }

  private static List<String> children(RegistryState state, String name) {
    return state.groups().values().stream()
        .filter(one -> one.parent().equals(name))
        .map(ThingGroup::name)
        .toList();
  }

  private static void requireVersion(ThingGroup group, OptionalLong expected)
      throws RegistryException {
    if (expected.isPresent() && expected.getAsLong() != group.version()) {
      throw new RegistryException(
          Kind.VERSION_CONFLICT,
          "thing group '%s': expected version %d, found %d; read it again"
              .formatted(group.name(), expected.getAsLong(), group.version()));
    }
  }
}
