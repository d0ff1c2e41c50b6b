package io.snaprail.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.snaprail.api.health.ProblemBoard;
import io.snaprail.api.model.Quality;
import io.snaprail.api.model.SampleBatch;
import io.snaprail.api.runtime.DeviceStatus;
import io.snaprail.api.runtime.Gateway;
import io.snaprail.api.runtime.PointStatus;
import io.snaprail.api.runtime.SampleListener;
import java.io.InputStream;
import java.lang.ref.WeakReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Dictionary;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.inject.Inject;
import org.junit.Before;
import org.junit.Test;
import org.junit.runner.RunWith;
import org.ops4j.pax.exam.Option;
import org.ops4j.pax.exam.junit.PaxExam;
import org.ops4j.pax.exam.spi.reactors.ExamReactorStrategy;
import org.ops4j.pax.exam.spi.reactors.PerClass;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceRegistration;
import org.osgi.framework.wiring.BundleWiring;
import org.osgi.framework.wiring.FrameworkWiring;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.component.runtime.ServiceComponentRuntime;
import org.osgi.service.component.runtime.dto.ComponentConfigurationDTO;
import org.osgi.service.component.runtime.dto.ComponentDescriptionDTO;

/** The assembled distribution in a framework: what ships is what is tested. */
@RunWith(PaxExam.class)
@ExamReactorStrategy(PerClass.class)
public class RuntimeIT {
  @Inject private BundleContext context;
  @Inject private ConfigurationAdmin configurations;
  @Inject private ServiceComponentRuntime components;
  @Inject private Gateway gateway;
  @Inject private ProblemBoard board;

  private Path config;

  @org.ops4j.pax.exam.Configuration
  public Option[] distribution() throws Exception {
    return FrameworkOptions.distribution("runtime", Image.RUN);
  }

  @Before
  public void findConfig() {
    config = Path.of(context.getProperty("snaprail.config"));
  }

  private static final String SIMULATOR = "io.snaprail.driver.simulator";
  private static final String MODBUS = "io.snaprail.driver.modbus.tcp";
  private static final String SLAVE = "io.snaprail.driver.simulator.slave";

  private PointStatus point(String device, String point) {
    return gateway.point(device, point).orElse(null);
  }

  private boolean good(String device, String point) {
    PointStatus status = point(device, point);
    return status != null && status.sample() != null && status.sample().quality() == Quality.GOOD;
  }

  private DeviceStatus device(String name) {
    return gateway.devices().stream().filter(d -> d.name().equals(name)).findFirst().orElse(null);
  }

  private Path file(String pid) {
    return config.resolve(pid + ".json");
  }

  @Test
  public void everyBundleIsActiveAndEveryComponentSatisfied() {
    List<String> inactive = new ArrayList<>();
    for (Bundle bundle : context.getBundles()) {
      boolean fragment = bundle.getHeaders("").get(Constants.FRAGMENT_HOST) != null;
      if (!fragment && bundle.getState() != Bundle.ACTIVE) {
        inactive.add(bundle + " state " + bundle.getState());
      }
    }
    assertThat(inactive).isEmpty();
    await()
        .untilAsserted(
            () -> {
              List<String> unsatisfied = new ArrayList<>();
              for (ComponentDescriptionDTO component : components.getComponentDescriptionDTOs()) {
                for (ComponentConfigurationDTO configuration :
                    components.getComponentConfigurationDTOs(component)) {
                  boolean ok =
                      configuration.state == ComponentConfigurationDTO.SATISFIED
                          || configuration.state == ComponentConfigurationDTO.ACTIVE
                          || configuration.state
                              == ComponentConfigurationDTO.UNSATISFIED_CONFIGURATION;
                  if (!ok) {
                    unsatisfied.add(
                        component.name
                            + " "
                            + Arrays.toString(configuration.unsatisfiedReferences)
                            + " "
                            + configuration.failure);
                  }
                }
              }
              assertThat(unsatisfied).isEmpty();
            });
  }

  @Test
  public void aDeviceConfiguredByAFileStartsToDeliverWithinASecond() throws Exception {
    Files.writeString(
        file(SIMULATOR + "~byfile"),
        "{\n  \"period.ms\": 100,\n  \"points\": [\"level,constant:5,float64\"]\n}\n");
    await().atMost(Duration.ofSeconds(8)).until(() -> good("byfile", "level"));
    Files.delete(file(SIMULATOR + "~byfile"));
    await().atMost(Duration.ofSeconds(8)).until(() -> device("byfile") == null);
  }

  @Test
  public void reconfiguringOneDeviceDoesNotDisturbTheOthers() throws Exception {
    Files.writeString(
        file(SIMULATOR + "~steady"), "{ \"period.ms\": 50, \"points\": [\"n,counter,int32\"] }");
    Files.writeString(
        file(SIMULATOR + "~changed"), "{ \"period.ms\": 100, \"points\": [\"n,counter,int32\"] }");
    await().until(() -> good("steady", "n") && good("changed", "n"));
    List<Long> sequences = new CopyOnWriteArrayList<>();
    ServiceRegistration<?> listener =
        context.registerService(
            SampleListener.class,
            batch -> {
              if (batch.device().equals("steady")) {
                sequences.add(batch.sequence());
              }
            },
            null);
    Configuration configuration = configurations.getFactoryConfiguration(SIMULATOR, "changed", "?");
    Dictionary<String, Object> properties = configuration.getProperties();
    properties.put("period.ms", 200);
    configuration.update(properties);
    await()
        .until(
            () ->
                device("changed") != null
                    && device("changed").period().equals(Duration.ofMillis(200)));
    // What was changed through Configuration Admin is in the file.
    await().until(() -> Files.readString(file(SIMULATOR + "~changed")).contains("200"));
    int soFar = sequences.size();
    await().until(() -> sequences.size() > soFar + 10);
    listener.unregister();
    assertContiguous(sequences);
    configuration.delete();
    Files.deleteIfExists(file(SIMULATOR + "~steady"));
  }

  private static void assertContiguous(List<Long> sequences) {
    List<Long> holes = new ArrayList<>();
    for (int i = 1; i < sequences.size(); i++) {
      if (sequences.get(i) != sequences.get(i - 1) + 1) {
        holes.add(sequences.get(i));
      }
    }
    assertThat(holes).as("holes in the sequence").isEmpty();
  }

  @Test
  public void aFileThatDoesNotParseIsNamedAndTheLastGoodVersionStaysInForce() throws Exception {
    Path file = file(SIMULATOR + "~broken");
    Files.writeString(file, "{ \"period.ms\": 100, \"points\": [\"n,counter,int32\"] }");
    await().until(() -> good("broken", "n"));
    Files.writeString(file, "{\n  \"period.ms\": 100,\n  \"points\": [\"n,counter,int32\"\n}\n");
    await().until(() -> problem("io.snaprail.driver.simulator~broken.json:4:1"));
    long before = point("broken", "n").sequence();
    await().until(() -> point("broken", "n").sequence() > before + 2);
    Files.writeString(
        file, "{ \"period.ms\": 100, \"perod.ms\": 5, \"points\": [\"n,counter,int32\"] }");
    await().until(() -> problem("perod.ms"));
    assertThat(problemText("perod.ms")).contains("period.ms");
    Files.delete(file);
    await().until(() -> !problem("broken"));
  }

  private boolean problem(String part) {
    return problemText(part) != null;
  }

  private String problemText(String part) {
    return board.problems().stream()
        .map(e -> e.problem().message())
        .filter(m -> m.contains(part))
        .findFirst()
        .orElse(null);
  }

  @Test
  public void theModbusDriverIsReplacedUnderLoadAndNothingElseNotices() throws Exception {
    int port = Ports.free();
    Files.writeString(file(SLAVE + "~swap"), "{ \"port\": " + port + " }");
    String modbus =
        "{ \"host\": \"127.0.0.1\", \"port\": "
            + port
            + ", \"unit\": 1, \"period.ms\": 100, \"backoff.min.ms\": 200,"
            + " \"points\": [\"v,holding:0,int16\"] }";
    Files.writeString(file(MODBUS + "~swap1"), modbus);
    Files.writeString(file(MODBUS + "~swap2"), modbus);
    Files.writeString(
        file(SIMULATOR + "~witness"), "{ \"period.ms\": 100, \"points\": [\"n,counter,int32\"] }");
    await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> good("swap1", "v") && good("swap2", "v") && good("witness", "n"));

    Map<String, List<SampleBatch>> seen = new ConcurrentHashMap<>();
    ServiceRegistration<?> listener =
        context.registerService(
            SampleListener.class,
            batch ->
                seen.computeIfAbsent(batch.device(), d -> new CopyOnWriteArrayList<>()).add(batch),
            null);
    Bundle driver = bundleNamed("io.snaprail.driver.modbus");
    WeakReference<ClassLoader> old = loaderOf(driver);
    Path jar =
        Image.bundles(Image.RUN).stream()
            .map(Image.Bundle::file)
            .filter(f -> f.getFileName().toString().startsWith("io.snaprail.driver.modbus-"))
            .findFirst()
            .orElseThrow();
    long start;
    try (InputStream in = Files.newInputStream(jar)) {
      start = System.nanoTime();
      driver.update(in);
    }
    context.getBundle(0).adapt(FrameworkWiring.class).refreshBundles(List.of(driver));
    await()
        .pollInterval(Duration.ofMillis(10))
        .until(
            () -> driver.getState() == Bundle.ACTIVE && good("swap1", "v") && good("swap2", "v"));
    Duration away = Duration.ofNanos(System.nanoTime() - start);
    assertThat(away).isLessThan(Duration.ofSeconds(2));

    int soFar = seen.get("witness").size();
    await().until(() -> seen.get("witness").size() > soFar + 5);
    listener.unregister();
    assertContiguous(seen.get("witness").stream().map(SampleBatch::sequence).toList());
    await()
        .atMost(Duration.ofSeconds(20))
        .until(
            () -> {
              System.gc();
              return old.get() == null;
            });
    for (String pid :
        List.of(MODBUS + "~swap1", MODBUS + "~swap2", SIMULATOR + "~witness", SLAVE + "~swap")) {
      Files.delete(file(pid));
    }
    System.out.println("Hot swap: Modbus devices back after " + away.toMillis() + " ms");
  }

  private static WeakReference<ClassLoader> loaderOf(Bundle bundle) {
    return new WeakReference<>(bundle.adapt(BundleWiring.class).getClassLoader());
  }

  private Bundle bundleNamed(String name) {
    return Arrays.stream(context.getBundles())
        .filter(b -> name.equals(b.getSymbolicName()))
        .findFirst()
        .orElseThrow();
  }
}
