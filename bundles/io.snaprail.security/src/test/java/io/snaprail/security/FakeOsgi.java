package io.snaprail.security;

import io.snaprail.api.health.Problem;
import io.snaprail.api.health.ProblemBoard;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.osgi.framework.Version;

/** As much of a framework and of a problem board as these tests need. */
final class FakeOsgi {
  final Map<Class<?>, Object> services = new ConcurrentHashMap<>();
  final Map<String, List<Problem>> problems = new ConcurrentHashMap<>();
  volatile int frameworkState = Bundle.ACTIVE;

  final ProblemBoard board =
      new ProblemBoard() {
        @Override
        public void report(String source, List<Problem> reported) {
          problems.put(source, reported);
        }

        @Override
        public List<Entry> problems() {
          return List.of();
        }
      };

  List<String> messages() {
    return problems.values().stream().flatMap(List::stream).map(Problem::message).toList();
  }

  BundleContext context() {
    return proxy(
        BundleContext.class,
        (method, args) ->
            switch (method) {
              case "registerService" -> {
                services.put((Class<?>) args[0], args[1]);
                yield registration((Class<?>) args[0]);
              }
              case "getBundle" -> bundle("system", frameworkState);
              default -> null;
            });
  }

  private ServiceRegistration<?> registration(Class<?> type) {
    return proxy(
        ServiceRegistration.class,
        (method, args) -> method.equals("unregister") ? services.remove(type) : null);
  }

  static Bundle bundle(String name, int state) {
    return proxy(
        Bundle.class,
        (method, args) ->
            switch (method) {
              case "getSymbolicName" -> name;
              case "getVersion" -> new Version(1, 2, 3);
              case "getLocation" -> "file:" + name + ".jar";
              case "getState" -> state;
              case "toString" -> name;
              default -> null;
            });
  }

  private static <T> T proxy(Class<T> type, Answer answer) {
    return type.cast(
        Proxy.newProxyInstance(
            FakeOsgi.class.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, args) -> {
              Object value = answer.to(method.getName(), args);
              return method.getReturnType() == void.class ? null : value;
            }));
  }

  private interface Answer {
    Object to(String method, Object[] args);
  }
}
