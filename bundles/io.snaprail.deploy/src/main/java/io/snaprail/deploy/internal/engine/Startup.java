package io.snaprail.deploy.internal.engine;

import io.snaprail.api.certificate.CertificateStore;
import io.snaprail.api.health.Problem;
import io.snaprail.api.health.Problem.Severity;
import io.snaprail.api.health.ProblemBoard;
import io.snaprail.deploy.internal.DeployException;
import io.snaprail.deploy.internal.archive.Admission.Admitted;
import io.snaprail.deploy.internal.fetch.Fetcher;
import io.snaprail.deploy.internal.framework.FrameworkBundles;
import io.snaprail.deploy.internal.framework.FrameworkBundles.Place;
import io.snaprail.deploy.internal.store.DeployState;
import io.snaprail.deploy.internal.store.Deployed;
import io.snaprail.deploy.internal.store.Kept;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.Version;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings the framework in line with what is deployed. The launcher leaves only what came with the
 * distribution; each deployed jar is checked again, as on its first day, before it is installed.
 */
final class Startup {
  private static final Logger LOG = LoggerFactory.getLogger(Startup.class);
  private static final String SOURCE = "io.snaprail.deploy";

  /** How long others may take to come up. */
  static final Duration PATIENCE = Duration.ofSeconds(30);

  private final Parts parts;
  private final Orders orders;
  private final Supplier<@Nullable ProblemBoard> board;

  /** Where the bundles are that came with the distribution. */
  private final Map<String, Place> platform = new HashMap<>();

  /** What is wrong with what is deployed. */
  private final Map<String, String> faults = new TreeMap<>();

  Startup(Parts parts, Orders orders) {
    this.parts = parts;
    this.orders = orders;
    this.board = parts.services().one(ProblemBoard.class);
  }

  /** Begins; null, or why nothing can be deployed. */
  @Nullable String run() throws InterruptedException {
    String broken = null;
    remember();
    // Those that check and tell may be started after this.
    parts.services().await(ProblemBoard.class, PATIENCE);
    parts.services().await(CertificateStore.class, PATIENCE);
    try {
      DeployState state = parts.files().read();
      parts.files().prune(state);
      orders.kept(state);
      for (Map.Entry<String, Deployed> one : state.bundles().entrySet()) {
        apply(one.getKey(), one.getValue());
      }
    } catch (IOException | UncheckedIOException e) {
      broken = "what is deployed cannot be read: " + e.getMessage();
      faults.put("", broken + "; mend the file or take it away, and start again");
    }
    keepOut();
    report();
    return broken;
  }

  private void apply(String name, Deployed deployed) throws IOException, InterruptedException {
    Kept current = deployed.current();
    Path jar = parts.files().jar(current.sha256());
    Bundle present = parts.framework().find(name).orElse(null);
    if (present != null && parts.guard().ofPlatform(present)) {
      if (present.getVersion().compareTo(Version.parseVersion(current.version())) >= 0) {
        superseded(name, present.getVersion());
        return;
      }
    }
    try {
      check(jar, current);
      if (present != null && present.getLocation().equals(FrameworkBundles.location(jar))) {
        // "Restart" in the console: the launcher has not been at work.
        parts.guard().approve(present.getLocation());
        parts.framework().start(present);
        return;
      }
      put(parts.framework().place(jar), present);
    } catch (DeployException | IllegalStateException e) {
      faults.put(name, "version " + current.version() + " does not run: " + e.getMessage());
    }
  }

  private void put(Place place, @Nullable Bundle present)
      throws DeployException, InterruptedException {
    Bundle fresh = parts.framework().install(place);
    try {
      if (present != null) {
        parts.framework().remove(present);
      }
      parts.framework().start(fresh);
    } catch (DeployException e) {
      parts.framework().remove(fresh);
      if (present != null && parts.guard().ofPlatform(present)) {
        parts.framework().start(parts.framework().install(FrameworkBundles.place(present)));
        throw e.with("; what came with the distribution is in force");
      }
      throw e;
    }
  }

  /** A newer distribution has what was deployed, or better. */
  private void superseded(String name, Version version) throws IOException {
    DeployState without = orders.kept().with(name, null);
    parts.files().write(without);
    orders.kept(without);
    LOG.info("the distribution has {} {} now; what was deployed of it is dropped", name, version);
  }

  /**
   * Whether a kept jar is still what was let in.
   *
   * @throws DeployException when it is not
   */
  Admitted check(Path jar, Kept kept) throws DeployException {
    try {
      if (!Fetcher.sha256(jar).equals(kept.sha256())) {
        throw DeployException.failed(jar + " is not what was deployed: its SHA-256 is another");
      }
    } catch (IOException e) {
      throw DeployException.failed(jar + " cannot be read: " + e.getMessage());
    }
    return parts.admission().check(jar, kept.at());
  }

  /** Where the distribution's bundle of a name is; null when it has none. */
  @Nullable Place ofPlatform(String name) {
    return platform.get(name);
  }

  /** Before any of them is replaced. */
  private void remember() {
    for (Bundle bundle : parts.framework().all()) {
      if (parts.guard().ofPlatform(bundle) && bundle.getSymbolicName() != null) {
        platform.put(bundle.getSymbolicName(), FrameworkBundles.place(bundle));
      }
    }
  }

  /** Stops what came in from a cache before the guard was there. */
  private void keepOut() throws InterruptedException {
    for (Bundle bundle : parts.framework().all()) {
      if (parts.guard().keepsOut(bundle)
          && (bundle.getState() & (Bundle.UNINSTALLED | Bundle.INSTALLED)) == 0) {
        parts.framework().refresh(bundle);
      }
    }
  }

  /** Tells people what is wrong, and what they should know. */
  void report() {
    ProblemBoard now = board.get();
    if (now == null) {
      return;
    }
    List<Problem> problems = new ArrayList<>();
    parts.notes().forEach(note -> problems.add(new Problem(Severity.ERROR, SOURCE, note)));
    faults.keySet().retainAll(withFaults());
    faults.forEach(
        (name, words) ->
            problems.add(
                new Problem(
                    Severity.ERROR, name.isEmpty() ? "deployment" : "bundle " + name, words)));
    orders
        .kept()
        .bundles()
        .forEach(
            (name, one) -> {
              if (one.current().signer().isEmpty()) {
                problems.add(
                    new Problem(
                        Severity.WARNING,
                        "bundle " + name,
                        "is not signed by anybody who is trusted here"));
              }
            });
    for (Bundle bundle : parts.framework().all()) {
      if (parts.guard().keepsOut(bundle)) {
        problems.add(
            new Problem(
                Severity.ERROR,
                "bundle " + bundle.getSymbolicName(),
                "does not run: bundles must be signed and deployed, and this one came in by another"
                    + " way ("
                    + bundle.getLocation()
                    + "); uninstall it and deploy it"));
      }
    }
    now.report(SOURCE, problems);
  }

  private List<String> withFaults() {
    List<String> names = new ArrayList<>(orders.kept().bundles().keySet());
    names.add("");
    return names;
  }

  /** Something else is in force: what was wrong before is over. */
  void mended(String name) {
    faults.remove(name);
  }
}
