package io.snaprail.deploy.internal.engine;

import io.snaprail.api.deploy.DeployedBundle;
import io.snaprail.api.deploy.Deployment;
import io.snaprail.api.deploy.DeploymentOrder;
import io.snaprail.api.deploy.DeploymentState;
import io.snaprail.api.deploy.DeploymentState.Phase;
import io.snaprail.deploy.internal.framework.FrameworkBundles;
import io.snaprail.deploy.internal.store.Deployed;
import io.snaprail.deploy.internal.store.Kept;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.osgi.framework.Bundle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes orders, and carries them out one after the other with a thread of its own. */
public final class Deployer implements Deployment, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Deployer.class);
  private static final long STOP_MS = 2_000;

  private final Worker worker;
  private final Orders orders;
  private final FrameworkBundles framework;
  private final ThreadPoolExecutor thread;

  /** Of the object's lock: whoever waits for an order that has not ended. */
  private final Map<String, CompletableFuture<DeploymentState>> waiting = new HashMap<>();

  /** Starts its thread, which first brings what is deployed into the framework. */
  public Deployer(Parts parts) {
    this.orders = new Orders();
    this.worker = new Worker(parts, orders);
    this.framework = parts.framework();
    this.thread =
        new ThreadPoolExecutor(
            1,
            1,
            0,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(MAX_WAITING + 1),
            task -> {
              Thread made = new Thread(task, "snaprail-deploy");
              made.setDaemon(true);
              return made;
            });
    thread.execute(guarded(worker::begin));
  }

  /** A piece of work of the thread. */
  @FunctionalInterface
  private interface Task {
    void run() throws InterruptedException;
  }

  private static Runnable guarded(Task task) {
    // Where a task begins: nothing that it throws may end the thread.
    return () -> {
      try {
        task.run();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        LOG.debug("the deployment stops");
      } catch (RuntimeException e) {
        LOG.error("the deployment has an internal fault", e);
      }
    };
  }

  @Override
  public CompletionStage<DeploymentState> submit(DeploymentOrder order) {
    CompletableFuture<DeploymentState> mine = new CompletableFuture<>();
    synchronized (this) {
      CompletableFuture<DeploymentState> earlier = waiting.get(order.id());
      if (earlier != null) {
        return earlier.minimalCompletionStage();
      }
      if (thread.isShutdown() || waiting.size() >= MAX_WAITING) {
        throw new IllegalStateException(
            thread.isShutdown()
                ? "the gateway is stopping"
                : MAX_WAITING + " orders wait already; try again when some have ended");
      }
      waiting.put(order.id(), mine);
      worker.tell(order, Phase.WAITING, "");
      thread.execute(guarded(() -> carryOut(order, mine)));
    }
    return mine.minimalCompletionStage();
  }

  // What was ended by a stop of the gateway stays open: whoever waits is told by that stop.
  private void carryOut(DeploymentOrder order, CompletableFuture<DeploymentState> mine)
      throws InterruptedException {
    DeploymentState end = worker.carryOut(order);
    synchronized (this) {
      waiting.remove(order.id());
    }
    mine.complete(end);
  }

  @Override
  public Optional<DeploymentState> find(String id) {
    return orders.find(id);
  }

  @Override
  public List<DeploymentState> orders() {
    return orders.all();
  }

  @Override
  public List<DeployedBundle> bundles() {
    List<DeployedBundle> all = new ArrayList<>();
    for (Map.Entry<String, Deployed> one : orders.kept().bundles().entrySet()) {
      Kept current = one.getValue().current();
      Kept previous = one.getValue().previous();
      all.add(
          new DeployedBundle(
              one.getKey(),
              current.version(),
              current.sha256(),
              current.signer(),
              current.at(),
              previous == null ? "" : previous.version(),
              framework
                  .find(one.getKey())
                  .filter(bundle -> bundle.getLocation().contains(current.sha256()))
                  .map(Deployer::state)
                  .orElse("")));
    }
    return all;
  }

  private static String state(Bundle bundle) {
    return switch (bundle.getState()) {
      case Bundle.ACTIVE -> "ACTIVE";
      case Bundle.STARTING -> "STARTING";
      case Bundle.RESOLVED -> "RESOLVED";
      case Bundle.INSTALLED -> "INSTALLED";
      case Bundle.STOPPING -> "STOPPING";
      default -> "";
    };
  }

  /** Ends the thread; a trial that is under way goes on after the next start. */
  @Override
  public void close() {
    thread.shutdownNow();
    try {
      if (!thread.awaitTermination(STOP_MS, TimeUnit.MILLISECONDS)) {
        LOG.warn("a deployment does not end; it is left to its time limits");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    List<CompletableFuture<DeploymentState>> left;
    synchronized (this) {
      left = List.copyOf(waiting.values());
      waiting.clear();
    }
    left.forEach(
        one -> one.completeExceptionally(new IllegalStateException("the gateway is stopping")));
  }
}
