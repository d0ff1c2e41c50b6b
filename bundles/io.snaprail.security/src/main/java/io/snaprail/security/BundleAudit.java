package io.snaprail.security;

import io.snaprail.api.audit.Actor;
import io.snaprail.api.audit.AuditEvent;
import io.snaprail.api.audit.AuditLog;
import io.snaprail.api.audit.AuditUnavailableException;
import java.util.Map;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.Constants;
import org.osgi.framework.SynchronousBundleListener;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Audits what happens to bundles while the gateway runs. Start and stop of the gateway itself are
 * no changes: the framework is not ACTIVE then. Synchronous, so that the record is on disk when the
 * change returns and so that the framework's state is that of the moment.
 */
@Component(service = {})
public final class BundleAudit implements SynchronousBundleListener {
  private static final Logger LOG = LoggerFactory.getLogger(BundleAudit.class);

  private static final Actor FRAMEWORK = Actor.system("framework");

  private final BundleContext context;
  private final AuditLog audit;

  /** Begins to listen. */
  @Activate
  public BundleAudit(BundleContext context, @Reference AuditLog audit) {
    this.context = context;
    this.audit = audit;
    context.addBundleListener(this);
  }

  @Deactivate
  void deactivate() {
    context.removeBundleListener(this);
  }

  @Override
  public void bundleChanged(BundleEvent event) {
    String change = change(event.getType());
    Bundle framework = context.getBundle(Constants.SYSTEM_BUNDLE_LOCATION);
    if (change.isEmpty() || framework == null || framework.getState() != Bundle.ACTIVE) {
      return;
    }
    Bundle bundle = event.getBundle();
    String name = String.valueOf(bundle.getSymbolicName());
    Map<String, String> details =
        Map.of(
            "change", change,
            "version", bundle.getVersion().toString(),
            "location", bundle.getLocation());
    try {
      // The listener is called by whoever changes the bundle: a person at the console, perhaps.
      Actor actor = Actor.current().orElse(FRAMEWORK);
      audit.record(actor.event(AuditEvent.Action.BUNDLE, name, "ok", details));
    } catch (AuditUnavailableException unavailable) {
      // It has happened already; the audit log has put itself on the problem board.
      LOG.warn("Not audited: bundle {} {} {}", name, bundle.getVersion(), change);
    }
  }

  private static String change(int type) {
    return switch (type) {
      case BundleEvent.INSTALLED -> "installed";
      case BundleEvent.STARTED -> "started";
      case BundleEvent.STOPPED -> "stopped";
      case BundleEvent.UPDATED -> "updated";
      case BundleEvent.UNINSTALLED -> "uninstalled";
      default -> "";
    };
  }
}
