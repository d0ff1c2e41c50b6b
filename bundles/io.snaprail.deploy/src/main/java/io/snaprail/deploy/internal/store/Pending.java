package io.snaprail.deploy.internal.store;

import io.snaprail.api.deploy.DeploymentOrder.Action;

/**
 * A trial that is under way: written before it begins, taken away with its end.
 *
 * @param id of the order
 * @param action of the order
 * @param name of the bundle
 * @param candidate what is tried
 * @param trials how often it was begun: a bundle that takes the gateway down is not tried for ever
 * @param actor of the order
 * @param origin of the order
 */
public record Pending(
    String id,
    Action action,
    String name,
    Kept candidate,
    int trials,
    String actor,
    String origin) {

  /** The same, begun once more. */
  public Pending again() {
    return new Pending(id, action, name, candidate, trials + 1, actor, origin);
  }
}
