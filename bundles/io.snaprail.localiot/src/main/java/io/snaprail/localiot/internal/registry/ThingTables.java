package io.snaprail.localiot.internal.registry;

import io.snaprail.localiot.internal.limits.Quotas;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Things, their types and groups.
 *
 * @param things by name
 * @param types by name
 * @param groups by name
 */
record ThingTables(
    Map<String, Thing> things, Map<String, ThingType> types, Map<String, ThingGroup> groups) {

  static final ThingTables EMPTY = new ThingTables(Map.of(), Map.of(), Map.of());

  /** Copies the maps and checks that every name leads somewhere. */
  ThingTables {
    things = sorted(things);
    types = sorted(types);
    groups = sorted(groups);
    for (Thing thing : things.values()) {
      if (!thing.type().isEmpty() && !types.containsKey(thing.type())) {
        throw new IllegalArgumentException(
            "thing '%s': its type '%s' is unknown".formatted(thing.name(), thing.type()));
      }
    }
    for (ThingGroup group : groups.values()) {
      for (String thing : group.things()) {
        if (!things.containsKey(thing)) {
          throw new IllegalArgumentException(
              "thing group '%s': holds unknown thing '%s'".formatted(group.name(), thing));
        }
      }
      chain(group.name(), groups);
    }
  }

  ThingTables with(Thing thing) {
    return new ThingTables(plus(things, thing.name(), thing), types, groups);
  }

  ThingTables with(ThingType type) {
    return new ThingTables(things, plus(types, type.name(), type), groups);
  }

  ThingTables with(ThingGroup group) {
    return new ThingTables(things, types, plus(groups, group.name(), group));
  }

  ThingTables withoutThing(String name) {
    Map<String, ThingGroup> changed = new TreeMap<>(groups);
    changed.replaceAll((key, group) -> group.withThings(ThingGroup.minus(group.things(), name)));
    return new ThingTables(minus(things, name), types, changed);
  }

  ThingTables withoutType(String name) {
    return new ThingTables(things, minus(types, name), groups);
  }

  ThingTables withoutGroup(String name) {
    return new ThingTables(things, types, minus(groups, name));
  }

  /** A group and its ancestors, itself first. */
  List<ThingGroup> chain(String group) {
    return chain(group, groups);
  }

  private static List<ThingGroup> chain(String start, Map<String, ThingGroup> groups) {
    List<ThingGroup> chain = new ArrayList<>();
    String name = start;
    while (!name.isEmpty()) {
      ThingGroup group = groups.get(name);
      if (group == null) {
        throw new IllegalArgumentException(
            "thing group '%s': its parent '%s' is unknown".formatted(start, name));
      }
      chain.add(group);
      if (chain.size() > Quotas.GROUP_DEPTH) {
        throw new IllegalArgumentException(
            "thing group '%s': expected at most %d groups above each other"
                .formatted(start, Quotas.GROUP_DEPTH));
      }
      name = group.parent();
    }
    return chain;
  }

  static <T> Map<String, T> sorted(Map<String, T> map) {
    return Collections.unmodifiableMap(new TreeMap<>(map));
  }

  static <T> Map<String, T> plus(Map<String, T> map, String key, T value) {
    Map<String, T> more = new TreeMap<>(map);
    more.put(key, value);
    return more;
  }

  static <T> Map<String, T> minus(Map<String, T> map, String key) {
    Map<String, T> fewer = new TreeMap<>(map);
    fewer.remove(key);
    return fewer;
  }
}
