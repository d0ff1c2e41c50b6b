package io.snaprail.deploy.internal.framework;

import io.snaprail.deploy.internal.DeployException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkEvent;
import org.osgi.framework.FrameworkListener;
import org.osgi.framework.startlevel.BundleStartLevel;
import org.osgi.framework.startlevel.FrameworkStartLevel;
import org.osgi.framework.wiring.BundleWire;
import org.osgi.framework.wiring.BundleWiring;
import org.osgi.framework.wiring.FrameworkWiring;

/**
 * The framework's bundles, for the deployment. Deployed jars are used where they lie, as those of
 * the platform: the launcher forgets such bundles at each start, so that what runs is what is
 * written down and not what a cache holds.
 */
public final class FrameworkBundles {
  private static final String REFERENCE = "reference:";
  private static final long REFRESH_S = 30;
  private static final int MOST_WORDS = 500;

  private final BundleContext context;
  private final Guard guard;

  /**
   * Where a bundle was, to bring it back.
   *
   * @param location of it
   * @param level its start level
   */
  public record Place(String location, int level) {}

  /** Works on a framework. */
  public FrameworkBundles(BundleContext context, Guard guard) {
    this.context = context;
    this.guard = guard;
  }

  /** The location of a jar that is deployed. */
  public static String location(Path jar) {
    return REFERENCE + jar.toAbsolutePath().toUri();
  }

  /** A bundle of a name; the newest when there are several. */
  public Optional<Bundle> find(String name) {
    return Arrays.stream(context.getBundles())
        .filter(bundle -> name.equals(bundle.getSymbolicName()))
        .max(java.util.Comparator.comparing(Bundle::getVersion));
  }

  /** All bundles. */
  public List<Bundle> all() {
    return List.of(context.getBundles());
  }

  /** Where a bundle is. */
  public static Place place(Bundle bundle) {
    return new Place(bundle.getLocation(), bundle.adapt(BundleStartLevel.class).getStartLevel());
  }

  /** The place of a jar that is deployed: it starts with the deployment itself. */
  public Place place(Path jar) {
    return new Place(location(jar), Math.max(1, place(context.getBundle()).level()));
  }

  /** Installs; whoever calls has checked the bytes that are there. */
  public Bundle install(Place place) throws DeployException {
    guard.approve(place.location());
    try {
      Bundle bundle = context.installBundle(place.location());
      bundle.adapt(BundleStartLevel.class).setStartLevel(place.level());
      return bundle;
    } catch (BundleException | IllegalStateException | SecurityException e) {
      throw DeployException.failed("the framework does not take the bundle: " + words(e));
    }
  }

  /** Whether everything that a bundle needs is there. */
  public boolean resolves(Bundle bundle) {
    return system().adapt(FrameworkWiring.class).resolveBundles(Set.of(bundle));
  }

  /**
   * Starts, and is done when the bundle has started; one whose start level is still to come starts
   * then.
   *
   * @throws DeployException with the framework's words
   */
  public void start(Bundle bundle) throws DeployException {
    try {
      bundle.start(Bundle.START_ACTIVATION_POLICY);
      if ((bundle.getState() & (Bundle.ACTIVE | Bundle.STARTING)) == 0
          && place(bundle).level() <= system().adapt(FrameworkStartLevel.class).getStartLevel()) {
        // While start levels rise, a lasting start is only put in a queue; a transient one is not
        // (OSGi Core 8, 4.4.1.2).
        bundle.start(Bundle.START_ACTIVATION_POLICY | Bundle.START_TRANSIENT);
      }
    } catch (BundleException | IllegalStateException e) {
      throw DeployException.failed("it does not start: " + words(e));
    }
  }

  /** Stops, uninstalls, and lets go of what others still hold of it. */
  public void remove(Bundle bundle) throws DeployException, InterruptedException {
    boolean wired = bundle.adapt(BundleWiring.class) != null;
    try {
      if (bundle.getState() != Bundle.UNINSTALLED) {
        bundle.uninstall();
      }
    } catch (BundleException | IllegalStateException e) {
      throw DeployException.failed("it cannot be taken out of the framework: " + words(e));
    }
    if (!guard.ofPlatform(bundle)) {
      guard.withdraw(bundle.getLocation());
    }
    if (wired) {
      refresh(bundle);
    }
  }

  /** Makes the framework look at a bundle's wires anew. */
  public void refresh(Bundle bundle) throws InterruptedException {
    CountDownLatch refreshed = new CountDownLatch(1);
    system()
        .adapt(FrameworkWiring.class)
        .refreshBundles(Set.of(bundle), event -> refreshed.countDown());
    if (!refreshed.await(REFRESH_S, TimeUnit.SECONDS)) {
      throw new IllegalStateException("the framework was not refreshed within 30 s");
    }
  }

  /** Waits until all that came with the distribution has been started, or for so long. */
  public void awaitStart(Duration longest) throws InterruptedException {
    CountDownLatch started = new CountDownLatch(1);
    FrameworkListener listener =
        event -> {
          if (event.getType() == FrameworkEvent.STARTED) {
            started.countDown();
          }
        };
    context.addFrameworkListener(listener);
    try {
      if (system().getState() != Bundle.ACTIVE) {
        started.await(longest.toMillis(), TimeUnit.MILLISECONDS);
      }
    } finally {
      context.removeFrameworkListener(listener);
    }
  }

  /** Whether the deployment itself runs on a bundle, directly or not. */
  public boolean isNeeded(Bundle bundle) {
    Set<Bundle> seen = new HashSet<>();
    Deque<Bundle> next = new ArrayDeque<>(List.of(context.getBundle()));
    while (!next.isEmpty()) {
      Bundle one = next.pop();
      BundleWiring wiring = seen.add(one) ? one.adapt(BundleWiring.class) : null;
      if (wiring != null) {
        for (BundleWire wire : wiring.getRequiredWires(null)) {
          next.push(wire.getProvider().getBundle());
        }
      }
    }
    return seen.contains(bundle);
  }

  private Bundle system() {
    return context.getBundle(Constants.SYSTEM_BUNDLE_ID);
  }

  private static String words(Exception e) {
    String words = String.valueOf(e.getMessage());
    Throwable cause = e.getCause();
    if (cause != null && cause.getMessage() != null && !words.contains(cause.getMessage())) {
      words += ": " + cause.getMessage();
    }
    String line = words.strip().replaceAll("\\s+", " ");
    return line.length() > MOST_WORDS ? line.substring(0, MOST_WORDS) + "…" : line;
  }
}
