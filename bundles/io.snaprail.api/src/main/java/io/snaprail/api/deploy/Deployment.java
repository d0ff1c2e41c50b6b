package io.snaprail.api.deploy;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Brings bundles to the running gateway and takes them away again: one after the other, checked
 * before they touch the framework, tried out, and put back when they fail. What is deployed
 * outlives a restart; a power cut at any moment leaves the old or the new bundle. Every order is in
 * the audit log. Safe for any thread.
 */
@ProviderType
public interface Deployment {
  /** Longest id of an order, in characters. */
  int MAX_ID = 128;

  /** Orders that may wait. */
  int MAX_WAITING = 16;

  /**
   * Takes an order; does not wait. The same id again is the same order: it is carried out once.
   *
   * @return how it ended; lost at a restart, as an order that was not on trial yet: submit it again
   *     then, with its id
   * @throws IllegalStateException when {@link #MAX_WAITING} orders wait already, or the gateway
   *     stops
   */
  CompletionStage<DeploymentState> submit(DeploymentOrder order);

  /** One of the orders that wait or run, or of the last 100 that have ended. */
  Optional<DeploymentState> find(String id);

  /** Orders that wait or run, and the last 100 that have ended; the latest first. */
  List<DeploymentState> orders();

  /** What is deployed, by symbolic name. What came with the distribution is not among them. */
  List<DeployedBundle> bundles();
}
