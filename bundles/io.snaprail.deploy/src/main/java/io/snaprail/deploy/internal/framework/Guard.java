package io.snaprail.deploy.internal.framework;

import java.util.Collection;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.osgi.framework.Bundle;
import org.osgi.framework.Constants;
import org.osgi.framework.hooks.resolver.ResolverHook;
import org.osgi.framework.hooks.resolver.ResolverHookFactory;
import org.osgi.framework.wiring.BundleCapability;
import org.osgi.framework.wiring.BundleRequirement;
import org.osgi.framework.wiring.BundleRevision;

/**
 * Where signatures are required, nothing runs but what came with the distribution and what was
 * deployed: every other bundle, whatever way it came in, is not resolved. OSGi Core R8, chapter 57.
 */
public final class Guard implements ResolverHookFactory {
  private final String platform;
  private final boolean on;
  private final Set<String> approved = ConcurrentHashMap.newKeySet();

  /**
   * Guards.
   *
   * @param platform how the locations of the distribution's bundles begin
   * @param on whether others are kept out
   */
  public Guard(String platform, boolean on) {
    this.platform = platform;
    this.on = on;
  }

  /** Lets a location pass, whose bytes have been checked. */
  public void approve(String location) {
    approved.add(location);
  }

  /** Does not let it pass any more. */
  public void withdraw(String location) {
    approved.remove(location);
  }

  /** Whether a bundle came with the distribution. */
  public boolean ofPlatform(Bundle bundle) {
    return bundle.getBundleId() == Constants.SYSTEM_BUNDLE_ID
        || bundle.getLocation().startsWith(platform);
  }

  /** Whether a bundle is kept out. */
  public boolean keepsOut(Bundle bundle) {
    return on && !ofPlatform(bundle) && !approved.contains(bundle.getLocation());
  }

  @Override
  public ResolverHook begin(Collection<BundleRevision> triggers) {
    return new Filter();
  }

  private final class Filter implements ResolverHook {
    @Override
    public void filterResolvable(Collection<BundleRevision> candidates) {
      candidates.removeIf(revision -> keepsOut(revision.getBundle()));
    }

    @Override
    public void filterSingletonCollisions(
        BundleCapability singleton, Collection<BundleCapability> collisions) {
      // What singletons do to each other is the framework's to decide.
    }

    @Override
    public void filterMatches(
        BundleRequirement requirement, Collection<BundleCapability> candidates) {
      // Whoever may be resolved may be used.
    }

    @Override
    public void end() {
      // Nothing is held.
    }
  }
}
