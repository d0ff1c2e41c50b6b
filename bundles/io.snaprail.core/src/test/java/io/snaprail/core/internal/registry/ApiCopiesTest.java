package io.snaprail.core.internal.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.snaprail.api.driver.Device;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.osgi.framework.Bundle;
import org.osgi.framework.Version;
import org.osgi.framework.wiring.BundleCapability;
import org.osgi.framework.wiring.BundleRevision;

class ApiCopiesTest {
  private static <T> T fake(Class<T> type, InvocationHandler handler) {
    return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
  }

  private static Bundle bundle(String offers, ClassLoader loader) {
    BundleCapability service =
        fake(BundleCapability.class, (p, m, a) -> Map.of("objectClass", List.of(offers)));
    BundleRevision revision = fake(BundleRevision.class, (p, m, a) -> List.of(service));
    return fake(
        Bundle.class,
        (proxy, method, arguments) ->
            switch (method.getName()) {
              case "adapt" -> revision;
              case "loadClass" -> loader.loadClass((String) arguments[0]);
              case "getSymbolicName" -> "com.example.driver";
              case "getVersion" -> Version.valueOf("1.2.0");
              default -> throw new UnsupportedOperationException(method.getName());
            });
  }

  private static ClassLoader otherCopy() {
    URL[] api = {Device.class.getProtectionDomain().getCodeSource().getLocation()};
    return new URLClassLoader(api, ClassLoader.getPlatformClassLoader());
  }

  @Test
  void namesADriverWithACopyOfTheApi() {
    var problem = ApiCopies.problemOf(bundle(Device.class.getName(), otherCopy()));
    assertThat(problem).isNotNull();
    assertThat(problem.subject()).isEqualTo("com.example.driver 1.2.0");
    assertThat(problem.message())
        .isEqualTo(
            "the driver is active but its devices are not used: expected io.snaprail.api.driver"
                + " from the platform, found the copy inside itself; build it without that copy and"
                + " update the driver");
  }

  @Test
  void isContentWithADriverThatUsesThePlatformsApiAndWithWhatIsNoDriver() {
    ClassLoader own = Device.class.getClassLoader();
    assertThat(ApiCopies.problemOf(bundle(Device.class.getName(), own))).isNull();
    assertThat(ApiCopies.problemOf(bundle("com.example.Other", otherCopy()))).isNull();
  }
}
