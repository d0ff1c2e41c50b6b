package io.snaprail.deploy.internal.engine;

import io.snaprail.api.deploy.DeploymentState;
import io.snaprail.deploy.internal.store.DeployState;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** How far orders are; those that have ended are in what is kept. Safe for any thread. */
final class Orders {
  private final Map<String, DeploymentState> open = new LinkedHashMap<>();
  private DeployState kept = DeployState.EMPTY;

  synchronized DeployState kept() {
    return kept;
  }

  synchronized void kept(DeployState now) {
    kept = now;
  }

  synchronized void tell(DeploymentState state) {
    if (state.ended()) {
      open.remove(state.id());
    } else {
      open.put(state.id(), state);
    }
  }

  synchronized Optional<DeploymentState> find(String id) {
    DeploymentState now = open.get(id);
    return now != null
        ? Optional.of(now)
        : kept.ended().stream().filter(one -> one.id().equals(id)).findFirst();
  }

  synchronized List<DeploymentState> all() {
    List<DeploymentState> all = new ArrayList<>(open.values());
    Collections.reverse(all);
    all.addAll(kept.ended());
    return all;
  }
}
