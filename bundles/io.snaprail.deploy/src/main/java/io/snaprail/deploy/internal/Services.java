package io.snaprail.deploy.internal;

import java.time.Duration;
import java.util.Objects;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The services of others, which may come and go, also with what is deployed. */
public interface Services {
  /** A service of a type, as there is one at the moment. */
  <T> Supplier<@Nullable T> one(Class<T> type);

  /** A service of a type, waited for; null when there is none in time. */
  <T> @Nullable T await(Class<T> type, Duration longest) throws InterruptedException;

  /** All services of a type. */
  <T> Supplier<Stream<T>> all(Class<T> type);

  /** What is there, or a failure that names what is missing. */
  static <T> T require(@Nullable T service, String what) throws DeployException {
    if (service == null) {
      throw DeployException.failed(what + " is not there; the gateway may be starting");
    }
    return Objects.requireNonNull(service);
  }
}
