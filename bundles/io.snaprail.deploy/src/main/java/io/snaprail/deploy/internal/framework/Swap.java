package io.snaprail.deploy.internal.framework;

import io.snaprail.deploy.internal.DeployException;
import io.snaprail.deploy.internal.framework.FrameworkBundles.Place;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;

/**
 * Puts one bundle in the place of another, tries it, and puts the other back when that fails. Of
 * the worker's thread.
 */
public final class Swap {
  private final FrameworkBundles framework;
  private final Trial trial;

  /** Swaps in a framework. */
  public Swap(FrameworkBundles framework, Trial trial) {
    this.framework = framework;
    this.trial = trial;
  }

  /** Makes it last. */
  @FunctionalInterface
  public interface Commit {
    /** Writes down that it is in force. */
    void keep() throws DeployException;
  }

  /**
   * Swaps.
   *
   * @param name of both
   * @param candidate what is to be in force
   * @param singleton whether it cannot be resolved beside the other
   * @throws DeployException when it did not work; then what was there is in force again
   */
  public void run(String name, Place candidate, boolean singleton, Commit commit)
      throws DeployException, InterruptedException {
    Bundle old = framework.find(name).orElse(null);
    Place back = old == null ? null : FrameworkBundles.place(old);
    Trial.Before before = trial.before(name, old);
    Bundle fresh = framework.install(candidate);
    try {
      if (!singleton || old == null) {
        // With the other still at work; its start then says what is missing.
        if (!framework.resolves(fresh)) {
          framework.start(fresh);
        }
      }
      if (old != null) {
        framework.remove(old);
      }
      framework.start(fresh);
      trial.watch(fresh, before);
      commit.keep();
    } catch (DeployException | IllegalStateException e) {
      DeployException failure =
          e instanceof DeployException known
              ? known
              : DeployException.failed(String.valueOf(e.getMessage()));
      throw failure.with(undo(fresh, old, back));
    }
  }

  /** What was there before is there again; what to say about that. */
  private String undo(Bundle fresh, @Nullable Bundle old, @Nullable Place back)
      throws InterruptedException {
    try {
      framework.remove(fresh);
      if (back == null) {
        return "; it is taken away again";
      }
      Bundle again =
          old != null && old.getState() != Bundle.UNINSTALLED ? old : framework.install(back);
      framework.start(again);
      return "; version " + again.getVersion() + " is in force again";
    } catch (DeployException | IllegalStateException e) {
      return "; and what was there before cannot be put back: " + e.getMessage();
    }
  }
}
