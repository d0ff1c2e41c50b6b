package io.snaprail.localiot.internal.registry;

import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * A static group of things.
 *
 * @param about what does not change with its members
 * @param attributes names and values
 * @param version 1 when it is made, one more with each change of its properties
 * @param things names of the things that are directly in it
 * @param policies names of the policies that count for everything in it and below it
 */
public record ThingGroup(
    About about,
    Map<String, String> attributes,
    long version,
    Set<String> things,
    Set<String> policies) {

  /** Copies maps and sets. */
  public ThingGroup {
    Names.requireAttributes("thing group '" + about.name() + "'", attributes);
    attributes = Map.copyOf(attributes);
    things = Set.copyOf(things);
    policies = Set.copyOf(policies);
  }

  /**
   * Fixed when a group is made.
   *
   * @param name 1..128 of {@code [a-zA-Z0-9:_-]}
   * @param parent name of the group it is in; empty for none
   * @param description for people
   * @param created when it was made
   */
  public record About(String name, String parent, String description, Instant created) {
    /** Checks the names. */
    public About {
      Names.require("thing group", name);
      if (!parent.isEmpty()) {
        Names.require("thing group '" + name + "': parent", parent);
      }
    }
  }

  /** Its name. */
  public String name() {
    return about.name();
  }

  /** Name of the group it is in; empty for none. */
  public String parent() {
    return about.parent();
  }

  ThingGroup withThings(Set<String> changed) {
    return new ThingGroup(about, attributes, version, changed, policies);
  }

  ThingGroup withPolicies(Set<String> changed) {
    return new ThingGroup(about, attributes, version, things, changed);
  }

  static Set<String> plus(Set<String> set, String element) {
    Set<String> more = new TreeSet<>(set);
    more.add(element);
    return more;
  }

  static Set<String> minus(Set<String> set, String element) {
    Set<String> fewer = new TreeSet<>(set);
    fewer.remove(element);
    return fewer;
  }
}
