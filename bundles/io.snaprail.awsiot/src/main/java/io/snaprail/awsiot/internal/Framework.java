package io.snaprail.awsiot.internal;

import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The services of others, which come and go, and those that are offered to others. */
public interface Framework {
  /** A service of a type, as there is one at the moment. */
  <T> Supplier<@Nullable T> service(Class<T> type);

  /** Offers a service until it is closed. */
  <T> Registered register(Class<T> type, T service, Map<String, Object> properties);

  /** A service that is offered. */
  @FunctionalInterface
  interface Registered extends AutoCloseable {
    @Override
    void close();
  }
}
