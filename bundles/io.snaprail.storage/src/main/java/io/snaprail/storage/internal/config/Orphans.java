package io.snaprail.storage.internal.config;

import io.snaprail.api.health.Problem;
import io.snaprail.api.health.Problem.Severity;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.startlevel.BundleStartLevel;
import org.osgi.framework.startlevel.FrameworkStartLevel;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds configurations that no installed bundle uses. Used by one thread at a time. */
final class Orphans {
  private static final Logger LOG = LoggerFactory.getLogger(Orphans.class);

  private static final int MAX_LISTED = 20;

  private final BundleContext context;
  private final MetaTypeSchemas schemas;
  private final ConfigFolder folder;
  private final LongSupplier nanoTime;
  private final Duration grace;
  private long startedAt = Long.MAX_VALUE;

  Orphans(
      BundleContext context,
      MetaTypeSchemas schemas,
      ConfigFolder folder,
      LongSupplier nanoTime,
      Duration grace) {
    this.context = context;
    this.schemas = schemas;
    this.folder = folder;
    this.nanoTime = nanoTime;
    this.grace = grace;
  }

  /** Whether the framework has been at its last start level for a while. */
  boolean ready() {
    FrameworkStartLevel framework = context.getBundle(0).adapt(FrameworkStartLevel.class);
    int last = 0;
    for (Bundle bundle : context.getBundles()) {
      BundleStartLevel level = bundle.adapt(BundleStartLevel.class);
      last = Math.max(last, level == null ? 0 : level.getStartLevel());
    }
    if (framework == null || framework.getStartLevel() < last) {
      startedAt = Long.MAX_VALUE;
      return false;
    }
    if (startedAt == Long.MAX_VALUE) {
      startedAt = nanoTime.getAsLong();
    }
    return nanoTime.getAsLong() - startedAt >= grace.toNanos();
  }

  List<Problem> find() {
    List<Problem> problems = new ArrayList<>();
    for (Map.Entry<String, String> owned : folder.owners().entrySet()) {
      String pid = owned.getKey();
      String owner = owned.getValue();
      boolean factory = !pid.equals(owner);
      if (!schemas.of(pid, factory ? owner : null).known() && !served(owner)) {
        String file = folder.display(folder.file(pid));
        problems.add(new Problem(Severity.WARNING, pid, message(file, owner, factory)));
      }
    }
    return problems;
  }

  private String message(String file, String owner, boolean factory) {
    Collection<String> candidates = schemas.pids(factory);
    String more = candidates.size() > MAX_LISTED ? ", ..." : "";
    String known = String.join(", ", candidates.stream().limit(MAX_LISTED).toList()) + more;
    return file
        + ": no installed bundle uses the PID '"
        + owner
        + "'"
        + Checker.suggestion(Schema.nearest(owner, candidates))
        + (known.isEmpty() ? "" : "; known PIDs: " + known);
  }

  /** Whether some service says that it is configured by the PID, without any metatype. */
  private boolean served(String owner) {
    String pid = owner.replaceAll("([\\\\*()])", "\\\\$1");
    String filter =
        String.format("(|(service.pid=%1$s)(service.factoryPid=%1$s)(component.name=%1$s))", pid);
    try {
      ServiceReference<?>[] found = context.getAllServiceReferences(null, filter);
      return found != null;
    } catch (InvalidSyntaxException e) {
      LOG.debug("The PID '{}' cannot be searched for", owner, e);
      return true;
    }
  }
}
