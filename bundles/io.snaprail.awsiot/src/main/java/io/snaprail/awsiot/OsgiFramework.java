package io.snaprail.awsiot;

import io.snaprail.awsiot.internal.Framework;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.ServiceRegistration;
import org.osgi.util.tracker.ServiceTracker;

/** The framework's services, each type tracked once it is asked for. */
final class OsgiFramework implements Framework, AutoCloseable {
  private final BundleContext context;
  private final List<ServiceTracker<?, ?>> trackers = new CopyOnWriteArrayList<>();

  OsgiFramework(BundleContext context) {
    this.context = context;
  }

  /** A property of the framework. */
  String property(String name, String otherwise) {
    String value = context.getProperty(name);
    return value == null ? otherwise : value;
  }

  @Override
  public <T> Supplier<@Nullable T> service(Class<T> type) {
    ServiceTracker<T, T> tracker = new ServiceTracker<>(context, type, null);
    tracker.open();
    trackers.add(tracker);
    return tracker::getService;
  }

  @Override
  public <T> Registered register(Class<T> type, T service, Map<String, Object> properties) {
    ServiceRegistration<T> registration =
        context.registerService(type, service, FrameworkUtil.asDictionary(properties));
    return registration::unregister;
  }

  @Override
  public void close() {
    trackers.forEach(ServiceTracker::close);
  }
}
