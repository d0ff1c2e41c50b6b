package io.snaprail.localiot.internal.jobs;

import java.util.Collection;

/** Who jobs can be for. */
public interface JobTargets {
  /** Whether there is such a thing. */
  boolean hasThing(String name);

  /** Whether there is such a group. */
  boolean hasGroup(String name);

  /** The things of a group. */
  Collection<String> things(String group);
}
