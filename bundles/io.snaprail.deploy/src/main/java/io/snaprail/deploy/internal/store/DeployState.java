package io.snaprail.deploy.internal.store;

import io.snaprail.api.deploy.DeploymentState;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What is deployed, what is on trial, and how orders have ended: one file, so that all of it is old
 * or all of it is new.
 *
 * @param bundles by symbolic name
 * @param pending the trial that is under way; null for none
 * @param ended how orders have ended, the latest first
 */
public record DeployState(
    Map<String, Deployed> bundles, @Nullable Pending pending, List<DeploymentState> ended) {
  private static final int MOST_ENDED = 100;

  /** Nothing. */
  public static final DeployState EMPTY = new DeployState(Map.of(), null, List.of());

  /** Copies. */
  public DeployState {
    bundles = Collections.unmodifiableMap(new TreeMap<>(bundles));
    ended = List.copyOf(ended);
  }

  /** With a trial under way; null for none. */
  public DeployState with(@Nullable Pending trial) {
    return new DeployState(bundles, trial, ended);
  }

  /** With another end, and no trial under way any more. */
  public DeployState with(DeploymentState end) {
    List<DeploymentState> all = new ArrayList<>(List.of(end));
    ended.stream().filter(one -> !one.id().equals(end.id())).forEach(all::add);
    return new DeployState(
        bundles, null, all.size() > MOST_ENDED ? all.subList(0, MOST_ENDED) : all);
  }

  /** With something else in force; null for nothing. */
  public DeployState with(String name, @Nullable Deployed now) {
    Map<String, Deployed> changed = new TreeMap<>(bundles);
    if (now == null) {
      changed.remove(name);
    } else {
      changed.put(name, now);
    }
    return new DeployState(changed, pending, ended);
  }

  /** Digests of the jars that are needed. */
  public Set<String> jars() {
    Set<String> jars = new HashSet<>();
    for (Deployed one : bundles.values()) {
      jars.add(one.current().sha256());
      Kept previous = one.previous();
      if (previous != null) {
        jars.add(previous.sha256());
      }
    }
    if (pending != null) {
      jars.add(pending.candidate().sha256());
    }
    return jars;
  }
}
