package io.snaprail.core.internal.registry;

import io.snaprail.api.driver.Device;
import io.snaprail.api.health.Problem;
import io.snaprail.api.health.ProblemBoard;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.wiring.BundleCapability;
import org.osgi.framework.wiring.BundleRevision;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.util.tracker.BundleTracker;

/**
 * Says when a driver bundle is active and yet none of its devices is ever used, because it has the
 * API from elsewhere than the platform: the framework itself gives no error then.
 */
@Component(
    service = {},
    immediate = true)
public final class ApiCopies {
  private static final String SERVICE_NAMESPACE = "osgi.service";
  private static final String OBJECT_CLASS = "objectClass";

  private final BundleTracker<Bundle> active;

  /** Looks at every bundle that is active, now and later. */
  @Activate
  public ApiCopies(BundleContext context, @Reference ProblemBoard board) {
    active =
        new BundleTracker<>(context, Bundle.ACTIVE, null) {
          @Override
          public @Nullable Bundle addingBundle(Bundle bundle, @Nullable BundleEvent event) {
            Problem problem = problemOf(bundle);
            if (problem == null) {
              return null;
            }
            board.report(source(bundle), List.of(problem));
            return bundle;
          }

          @Override
          public void removedBundle(Bundle bundle, @Nullable BundleEvent event, Bundle tracked) {
            board.report(source(bundle), List.of());
          }
        };
    active.open();
  }

  @Deactivate
  void stop() {
    active.close();
  }

  private static String source(Bundle bundle) {
    return "bundle:" + bundle.getBundleId();
  }

  /** Null when the bundle makes no devices, or makes those that the core can use. */
  static @Nullable Problem problemOf(Bundle bundle) {
    if (!makesDevices(bundle)) {
      return null;
    }
    Class<?> seen;
    try {
      seen = bundle.loadClass(Device.class.getName());
    } catch (ClassNotFoundException e) {
      // It names the service and cannot make it; its components say so themselves.
      return null;
    }
    if (seen == Device.class) {
      return null;
    }
    Bundle owner = FrameworkUtil.getBundle(seen);
    String where =
        owner == null || owner.equals(bundle)
            ? "inside itself; build it without that copy"
            : "in bundle "
                + owner.getBundleId()
                + " ("
                + owner.getSymbolicName()
                + "); remove that";
    return new Problem(
        Problem.Severity.WARNING,
        bundle.getSymbolicName() + " " + bundle.getVersion(),
        "the driver is active but its devices are not used: expected "
            + Device.class.getPackageName()
            + " from the platform, found the copy "
            + where
            + " and update the driver");
  }

  private static boolean makesDevices(Bundle bundle) {
    BundleRevision revision = bundle.adapt(BundleRevision.class);
    return revision != null
        && revision.getDeclaredCapabilities(SERVICE_NAMESPACE).stream()
            .anyMatch(ApiCopies::offersDevice);
  }

  private static boolean offersDevice(BundleCapability capability) {
    Object names = capability.getAttributes().get(OBJECT_CLASS);
    return names instanceof Collection<?> several
        ? several.contains(Device.class.getName())
        : Device.class.getName().equals(names);
  }
}
