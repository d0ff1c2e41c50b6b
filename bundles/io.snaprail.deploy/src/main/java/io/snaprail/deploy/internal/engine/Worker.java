package io.snaprail.deploy.internal.engine;

import io.snaprail.api.deploy.DeploymentOrder;
import io.snaprail.api.deploy.DeploymentOrder.Action;
import io.snaprail.api.deploy.DeploymentState;
import io.snaprail.api.deploy.DeploymentState.Phase;
import io.snaprail.deploy.internal.DeployException;
import io.snaprail.deploy.internal.archive.Admission.Admitted;
import io.snaprail.deploy.internal.archive.BundleManifest;
import io.snaprail.deploy.internal.fetch.Fetcher.Fetched;
import io.snaprail.deploy.internal.framework.FrameworkBundles.Place;
import io.snaprail.deploy.internal.store.DeployState;
import io.snaprail.deploy.internal.store.Deployed;
import io.snaprail.deploy.internal.store.Kept;
import io.snaprail.deploy.internal.store.Pending;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.Version;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries orders out. All but the constructor and {@link #tell} on one thread.
 *
 * <p>What is in force is what the file says: it changes in one step, after the trial, and the
 * framework is brought in line with it at each start. So a cut at any moment leaves the old or the
 * new bundle.
 */
final class Worker {
  private static final Logger LOG = LoggerFactory.getLogger(Worker.class);

  private final Parts parts;
  private final Orders orders;
  private final Journal journal;
  private final Startup startup;
  private @Nullable String broken = "what is deployed has not been read yet";

  Worker(Parts parts, Orders orders) {
    this.parts = parts;
    this.orders = orders;
    this.journal = new Journal(parts.services());
    this.startup = new Startup(parts, orders);
  }

  /** Brings what is deployed into the framework, and goes on with a trial that was cut. */
  void begin() throws InterruptedException {
    broken = startup.run();
    // A trial is fair only when what the bundle works with is there.
    parts.framework().awaitStart(Startup.PATIENCE);
    Pending pending = orders.kept().pending();
    if (broken == null && pending != null) {
      DeploymentOrder order =
          new DeploymentOrder(
              pending.id(),
              pending.action() == Action.REMOVE ? Action.ROLL_BACK : pending.action(),
              pending.name(),
              pending.candidate().version(),
              "file:" + pending.candidate().sha256(),
              pending.candidate().sha256(),
              pending.actor(),
              pending.origin());
      end(order, () -> resume(order, pending));
    }
  }

  /** What an order comes to. */
  @FunctionalInterface
  private interface Work {
    /** How it ended well. */
    DeploymentState run() throws DeployException, IOException, InterruptedException;
  }

  DeploymentState carryOut(DeploymentOrder order) throws InterruptedException {
    Optional<DeploymentState> before = orders.find(order.id()).filter(DeploymentState::ended);
    if (before.isPresent()) {
      return before.get();
    }
    return end(
        order,
        () -> {
          if (broken != null) {
            throw DeployException.failed(broken);
          }
          journal.begins(order);
          return order.action().brings() ? bring(order) : takeBack(order);
        });
  }

  private DeploymentState end(DeploymentOrder order, Work work) throws InterruptedException {
    DeploymentState end;
    try {
      end = work.run();
      startup.mended(end.symbolicName());
    } catch (DeployException e) {
      end =
          ended(order, e.refused() ? Phase.REFUSED : Phase.FAILED, String.valueOf(e.getMessage()));
    } catch (IOException | UncheckedIOException e) {
      end = ended(order, Phase.FAILED, "it cannot be kept: " + e.getMessage());
    } catch (IllegalStateException e) {
      end = ended(order, Phase.FAILED, String.valueOf(e.getMessage()));
    }
    keep(end);
    journal.ended(order, end);
    LOG.info(
        "order '{}' ({} {} {}): {} {}",
        end.id(),
        end.action(),
        end.symbolicName(),
        end.version(),
        end.phase(),
        end.message());
    return end;
  }

  private void keep(DeploymentState end) {
    DeployState now = orders.kept();
    boolean told = now.ended().contains(end);
    if (!told) {
      now = now.with(end);
    }
    try {
      // What cannot be read is for people to mend, and not to be written over.
      if (broken == null) {
        if (!told) {
          parts.files().write(now);
        }
        parts.files().prune(now);
      }
    } catch (IOException | UncheckedIOException e) {
      LOG.warn("how order '{}' has ended is not kept: {}", end.id(), e.getMessage());
    }
    orders.kept(now);
    orders.tell(end);
    startup.report();
  }

  private DeploymentState bring(DeploymentOrder order)
      throws DeployException, IOException, InterruptedException {
    tell(order, Phase.FETCHING, "");
    Fetched fetched = parts.fetcher().fetch(order, words -> tell(order, Phase.FETCHING, words));
    tell(order, Phase.CHECKING, "");
    Instant now = parts.clock().instant();
    Admitted admitted = parts.admission().check(fetched.file(), now);
    BundleManifest manifest = admitted.manifest();
    Kept candidate =
        new Kept(manifest.version().toString(), fetched.sha256(), admitted.signer(), now);
    Deployed deployed = orders.kept().bundles().get(manifest.symbolicName());
    if (deployed != null && deployed.current().sha256().equals(fetched.sha256())) {
      return state(
          order,
          manifest.symbolicName(),
          candidate.version(),
          Phase.DONE,
          "it was in force already");
    }
    rules(order, manifest, deployed);
    parts.files().keep(fetched.file(), fetched.sha256());
    return attempt(
        order,
        new Pending(
            order.id(),
            order.action(),
            manifest.symbolicName(),
            candidate,
            1,
            order.actor(),
            order.origin()),
        manifest.singleton());
  }

  private void rules(DeploymentOrder order, BundleManifest manifest, @Nullable Deployed deployed)
      throws DeployException {
    String name = manifest.symbolicName();
    Version version = manifest.version();
    if (!order.symbolicName().isEmpty() && !order.symbolicName().equals(name)) {
      throw DeployException.refused(
          "expected the bundle '" + order.symbolicName() + "', found '" + name + "'");
    }
    if (!order.version().isEmpty() && !order.version().equals(version.toString())) {
      throw DeployException.refused(
          "expected version " + order.version() + " of '" + name + "', found " + version);
    }
    Bundle present = parts.framework().find(name).orElse(null);
    if (order.action() == Action.INSTALL) {
      if (present != null || deployed != null) {
        throw DeployException.refused("'" + name + "' is there already; update it");
      }
      return;
    }
    if (present == null && deployed == null) {
      throw DeployException.refused("there is no '" + name + "' to update; install it");
    }
    if (deployed == null && present != null && !parts.guard().ofPlatform(present)) {
      throw DeployException.refused(
          "'" + name + "' was installed by hand and could not be put back; remove it first");
    }
    if (present != null && parts.framework().isNeeded(present)) {
      throw DeployException.refused(
          "the deployment itself runs on '" + name + "'; install a newer distribution");
    }
    Version old =
        deployed != null
            ? Version.parseVersion(deployed.current().version())
            : present != null ? present.getVersion() : Version.emptyVersion;
    if (version.compareTo(old) <= 0) {
      throw DeployException.refused(
          "expected a version of '%s' above %s, which is in force, found %s; a roll back goes to the one before"
              .formatted(name, old, version));
    }
  }

  private DeploymentState attempt(DeploymentOrder order, Pending pending, boolean singleton)
      throws DeployException, IOException, InterruptedException {
    DeployState before = orders.kept();
    DeployState trying = before.with(pending);
    parts.files().write(trying);
    orders.kept(trying);
    tell(order, Phase.TRIAL, pending.name() + " " + pending.candidate().version());
    Path jar = parts.files().jar(pending.candidate().sha256());
    DeploymentState done =
        state(order, pending.name(), pending.candidate().version(), Phase.DONE, "");
    try {
      parts
          .swap()
          .run(
              pending.name(),
              parts.framework().place(jar),
              singleton,
              () -> commit(order, before, pending, done));
    } catch (DeployException e) {
      orders.kept(before.with((Pending) null));
      throw e;
    }
    return done;
  }

  private void commit(
      DeploymentOrder order, DeployState before, Pending pending, DeploymentState done)
      throws DeployException {
    Deployed old = before.bundles().get(pending.name());
    Kept previous = old == null || order.action() == Action.ROLL_BACK ? null : old.current();
    DeployState after =
        before.with(pending.name(), new Deployed(pending.candidate(), previous)).with(done);
    try {
      parts.files().write(after);
    } catch (IOException e) {
      throw DeployException.failed("it cannot be kept: " + e.getMessage());
    }
    orders.kept(after);
  }

  private DeploymentState resume(DeploymentOrder order, Pending pending)
      throws DeployException, IOException, InterruptedException {
    if (pending.trials() >= 2) {
      throw DeployException.failed(
          "the gateway stopped twice while version %s of '%s' was on trial; what was there before is in force"
              .formatted(pending.candidate().version(), pending.name()));
    }
    journal.begins(order);
    Path jar = parts.files().jar(pending.candidate().sha256());
    Admitted admitted = startup.check(jar, pending.candidate());
    return attempt(order, pending.again(), admitted.manifest().singleton());
  }

  private DeploymentState takeBack(DeploymentOrder order)
      throws DeployException, IOException, InterruptedException {
    String name = order.symbolicName();
    Deployed deployed = orders.kept().bundles().get(name);
    if (deployed == null) {
      throw DeployException.refused("no bundle '" + name + "' is deployed");
    }
    Kept previous = deployed.previous();
    if (!order.version().isEmpty()) {
      String meant =
          order.action() == Action.REMOVE
              ? deployed.current().version()
              : previous == null ? "" : previous.version();
      if (!order.version().equals(meant)) {
        throw DeployException.refused(
            "expected version %s of '%s', found '%s'".formatted(order.version(), name, meant));
      }
    }
    if (order.action() == Action.REMOVE) {
      return remove(order, deployed);
    }
    if (previous == null) {
      if (startup.ofPlatform(name) == null) {
        throw DeployException.refused(
            "there is no earlier version of '" + name + "' to go back to");
      }
      return remove(order, deployed);
    }
    tell(order, Phase.CHECKING, "");
    Admitted admitted = startup.check(parts.files().jar(previous.sha256()), previous);
    return attempt(
        order,
        new Pending(order.id(), order.action(), name, previous, 1, order.actor(), order.origin()),
        admitted.manifest().singleton());
  }

  /** One step on disk, then the framework; a cut in between is made up for by the next start. */
  private DeploymentState remove(DeploymentOrder order, Deployed deployed)
      throws DeployException, IOException, InterruptedException {
    String name = order.symbolicName();
    Place platform = startup.ofPlatform(name);
    DeploymentState done =
        state(
            order,
            name,
            deployed.current().version(),
            Phase.DONE,
            platform == null ? "" : "what came with the distribution is in force again");
    DeployState after = orders.kept().with(name, null).with(done);
    parts.files().write(after);
    orders.kept(after);
    Bundle bundle = parts.framework().find(name).orElse(null);
    if (bundle != null && !parts.guard().ofPlatform(bundle)) {
      parts.framework().remove(bundle);
    }
    if (platform != null && parts.framework().find(name).isEmpty()) {
      parts.framework().start(parts.framework().install(platform));
    }
    return done;
  }

  void tell(DeploymentOrder order, Phase phase, String words) {
    if (orders.find(order.id()).filter(DeploymentState::ended).isEmpty()) {
      orders.tell(state(order, order.symbolicName(), order.version(), phase, words));
    }
  }

  private DeploymentState ended(DeploymentOrder order, Phase phase, String words) {
    return state(order, order.symbolicName(), order.version(), phase, words);
  }

  private DeploymentState state(
      DeploymentOrder order, String name, String version, Phase phase, String words) {
    return new DeploymentState(
        order.id(), order.action(), name, version, phase, words, parts.clock().instant());
  }
}
