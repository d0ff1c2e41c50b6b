package io.snaprail.deploy.testing;

import io.snaprail.deploy.internal.Services;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Services that a test has put there. */
public final class TestServices implements Services {
  private final Map<Class<?>, Object> services = new ConcurrentHashMap<>();

  public <T> TestServices with(Class<T> type, T service) {
    services.put(type, service);
    return this;
  }

  @Override
  public <T> Supplier<T> one(Class<T> type) {
    return () -> type.cast(services.get(type));
  }

  @Override
  public <T> T await(Class<T> type, Duration longest) {
    return type.cast(services.get(type));
  }

  @Override
  public <T> Supplier<Stream<T>> all(Class<T> type) {
    return () -> List.copyOf(services.values()).stream().filter(type::isInstance).map(type::cast);
  }
}
