package io.snaprail.deploy;

import io.snaprail.deploy.internal.Services;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.util.tracker.ServiceTracker;

/** Each type is tracked once it is asked for. */
final class OsgiServices implements Services, AutoCloseable {
  private final BundleContext context;
  private final List<ServiceTracker<?, ?>> trackers = new CopyOnWriteArrayList<>();

  OsgiServices(BundleContext context) {
    this.context = context;
  }

  private <T> ServiceTracker<T, T> track(Class<T> type) {
    ServiceTracker<T, T> tracker = new ServiceTracker<>(context, type, null);
    tracker.open();
    trackers.add(tracker);
    return tracker;
  }

  @Override
  public <T> Supplier<@Nullable T> one(Class<T> type) {
    return track(type)::getService;
  }

  @Override
  public <T> @Nullable T await(Class<T> type, Duration longest) throws InterruptedException {
    ServiceTracker<T, T> tracker = new ServiceTracker<>(context, type, null);
    tracker.open();
    try {
      return tracker.waitForService(longest.toMillis());
    } finally {
      tracker.close();
    }
  }

  @Override
  public <T> Supplier<Stream<T>> all(Class<T> type) {
    ServiceTracker<T, T> tracker = track(type);
    return () -> tracker.getTracked().values().stream();
  }

  @Override
  public void close() {
    trackers.forEach(ServiceTracker::close);
  }
}
