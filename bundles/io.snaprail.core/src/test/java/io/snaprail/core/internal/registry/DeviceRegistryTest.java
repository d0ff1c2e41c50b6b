package io.snaprail.core.internal.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.snaprail.api.driver.Device;
import io.snaprail.api.driver.DriverException;
import io.snaprail.api.health.ProblemBoard;
import io.snaprail.api.runtime.DeviceStatus;
import io.snaprail.core.internal.poller.FakeDevice;
import io.snaprail.core.internal.problems.Board;
import io.snaprail.core.internal.samples.Dispatcher;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeviceRegistryTest {
  @TempDir private Path config;
  private final Board board = new Board();
  private DeviceRegistry registry;
  private long nextId = 1;

  @BeforeEach
  void start() throws Exception {
    Files.createDirectories(config.resolve("maps"));
    registry = new DeviceRegistry(config, new Dispatcher(), board);
  }

  @AfterEach
  void stop() {
    registry.stop();
  }

  private Map<String, Object> service(String pid, Object... more) {
    Map<String, Object> properties = new HashMap<>();
    properties.put("service.id", nextId++);
    properties.put("service.pid", pid);
    properties.put("period.ms", 20);
    for (int i = 0; i < more.length; i += 2) {
      properties.put((String) more[i], more[i + 1]);
    }
    return properties;
  }

  private void awaitState(String name, DeviceStatus.State state) {
    await()
        .untilAsserted(
            () -> {
              assertThat(registry.find(name)).isNotNull();
              assertThat(registry.find(name).status().state()).isEqualTo(state);
            });
  }

  private List<String> messages() {
    return board.problems().stream().map(e -> e.problem().message()).toList();
  }

  @Test
  void namesADeviceAfterItsFileAndPollsItsPoints() {
    registry.bindDevice(
        new FakeDevice("b"), service("drv~boiler", "points", new String[] {"x,1,int16"}));
    awaitState("boiler", DeviceStatus.State.ONLINE);
    assertThat(registry.find("boiler").point("x").sample()).isNotNull();
    assertThat(board.problems()).isEmpty();
  }

  @Test
  void readsAMapAndReadsItAgainWhenItChanges() throws Exception {
    Path map = config.resolve("maps/m.csv");
    Files.writeString(map, "name,address,type\na,1,int16\n");
    registry.bindDevice(new FakeDevice("b"), service("drv~d", "map", "m.csv"));
    awaitState("d", DeviceStatus.State.ONLINE);
    Files.writeString(map, "name,address,type\na,1,int16\nsecond,2,int16\n");
    await().until(() -> registry.find("d") != null && registry.find("d").point("second") != null);
  }

  @Test
  void sharesTheDefinitionsOfAMapAmongItsDevices() throws Exception {
    Files.writeString(config.resolve("maps/m.csv"), "name,address,type\na,1,int16\n");
    registry.bindDevice(new FakeDevice("b"), service("drv~one", "map", "m.csv"));
    registry.bindDevice(new FakeDevice("c"), service("drv~other", "map", "m.csv"));
    awaitState("one", DeviceStatus.State.ONLINE);
    awaitState("other", DeviceStatus.State.ONLINE);
    assertThat(registry.find("one").definition("a"))
        .isSameAs(registry.find("other").definition("a"));
  }

  @Test
  void doesNotPollWithASettingOutOfRangeAndSaysWhich() {
    FakeDevice device = new FakeDevice("b");
    registry.bindDevice(
        device, service("drv~d", "timeout.ms", 5, "points", new String[] {"x,1,int16"}));
    await()
        .untilAsserted(
            () ->
                assertThat(messages())
                    .containsExactly(
                        "config/drv~d.json: timeout.ms: expected a whole number of milliseconds,"
                            + " 10..600000, found '5'"));
    awaitState("d", DeviceStatus.State.MISCONFIGURED);
    assertThat(device.reads).hasValue(0);
  }

  @Test
  void givesANameToOneDeviceOnlyAndToTheNextWhenThatGoes() {
    Map<String, Object> first =
        service("drv~a", "name", "same", "points", new String[] {"x,1,int16"});
    registry.bindDevice(new FakeDevice("b"), first);
    registry.bindDevice(
        new FakeDevice("c"),
        service("drv~b", "name", "same", "points", new String[] {"y,1,int16"}));
    await()
        .untilAsserted(
            () ->
                assertThat(messages())
                    .containsExactly(
                        "name: expected a name that no other device has, found 'same', which drv~a"
                            + " uses; give one of them another name"));
    registry.unbindDevice(first);
    await().until(() -> registry.find("same") != null && registry.find("same").point("y") != null);
    await().until(() -> board.problems().isEmpty());
  }

  @Test
  void goesOnCountingCyclesWhenADeviceIsReplaced() {
    Map<String, Object> first = service("drv~d", "points", new String[] {"x,1,int16"});
    registry.bindDevice(new FakeDevice("b"), first);
    await().until(() -> sequence("d") >= 3);
    long before = sequence("d");
    registry.unbindDevice(first);
    registry.bindDevice(
        new FakeDevice("b"), service("drv~d", "points", new String[] {"x,1,int16"}));
    await().until(() -> sequence("d") > before);
  }

  private long sequence(String device) {
    ManagedDevice found = registry.find(device);
    return found == null || found.point("x") == null ? 0 : found.point("x").sequence();
  }

  @Test
  void leavesNoProblemBehindWhenADeviceThatIsAwayGoes() {
    FakeDevice device = new FakeDevice("b");
    device.failure = DriverException.unreachable("unplugged", null);
    Map<String, Object> properties = service("drv~d", "points", new String[] {"x,1,int16"});
    registry.bindDevice(device, properties);
    await().until(() -> messages().contains("unplugged"));
    registry.unbindDevice(properties);
    await().until(() -> board.problems().isEmpty());
    assertThat(registry.find("d")).isNull();
  }

  @Test
  void neverReadsAMapOutsideItsFolder() {
    registry.bindDevice(new FakeDevice("b"), service("drv~d", "map", "../../etc/passwd"));
    await()
        .untilAsserted(
            () ->
                assertThat(
                        board.problems().stream()
                            .map(ProblemBoard.Entry::problem)
                            .map(p -> p.message()))
                    .anyMatch(
                        m ->
                            m.contains("map: expected the name of a file such as meter.csv")
                                && m.endsWith("found '../../etc/passwd'")));
  }

  @Test
  void namesADriverThatDoesNotReturnUntilItDoes() {
    registry.stop();
    registry =
        new DeviceRegistry(new Maps(config, null), new Dispatcher(), board, Duration.ofMillis(20));
    FakeDevice stuck = new FakeDevice("line 1");
    stuck.gate = new CountDownLatch(1);
    Map<String, Object> properties =
        service("drv~d", "timeout.ms", 10, "points", new String[] {"x,1,int16"});
    registry.bindDevice(stuck, properties);
    String message =
        "the driver "
            + FakeDevice.class.getName()
            + " has not returned from a call that was to end within 10 ms; nothing can use line 1"
            + " until it does: restart the gateway, and tell the driver's maker";
    await().untilAsserted(() -> assertThat(messages()).containsExactly(message));
    // Its bus is not free because the device has gone.
    registry.unbindDevice(properties);
    await().until(() -> registry.find("d") == null);
    await().pollDelay(Duration.ofMillis(700)).until(() -> messages().contains(message));
    stuck.gate.countDown();
    await().until(() -> board.problems().isEmpty());
  }

  @Test
  void saysThatADriverFailedWhenItsDeviceCannotEvenBeTaken() {
    FakeDevice broken =
        new FakeDevice("b") {
          @Override
          public String bus() {
            throw new NoClassDefFoundError("com/example/Missing");
          }
        };
    registry.bindDevice(broken, service("drv~d", "points", new String[] {"x,1,int16"}));
    await()
        .untilAsserted(
            () ->
                assertThat(messages())
                    .singleElement()
                    .asString()
                    .startsWith("config/drv~d.json: its driver ")
                    .endsWith("failed: java.lang.NoClassDefFoundError: com/example/Missing"));
    awaitState("d", DeviceStatus.State.MISCONFIGURED);
  }

  @Test
  void goesOnWatchingMapsBesideADeviceWhoseMapIsNoPath() throws Exception {
    registry.bindDevice(new FakeDevice("a"), service("drv~a", "map", "a\u0000b"));
    await()
        .untilAsserted(
            () ->
                assertThat(messages())
                    .anyMatch(m -> m.startsWith("config/drv~a.json: map: expected the name of")));
    Path map = config.resolve("maps/m.csv");
    Files.writeString(map, "name,address,type\na,1,int16\n");
    registry.bindDevice(new FakeDevice("b"), service("drv~d", "map", "m.csv"));
    awaitState("d", DeviceStatus.State.ONLINE);
    Files.writeString(map, "name,address,type\na,1,int16\nsecond,2,int16\n");
    await().until(() -> registry.find("d") != null && registry.find("d").point("second") != null);
  }

  @Test
  void passesANameOnWhenItsOwnerTakesAnother() {
    Map<String, Object> first =
        service("drv~a", "name", "same", "points", new String[] {"x,1,int16"});
    FakeDevice device = new FakeDevice("b");
    registry.bindDevice(device, first);
    registry.bindDevice(
        new FakeDevice("c"),
        service("drv~b", "name", "same", "points", new String[] {"y,1,int16"}));
    await().until(() -> !board.problems().isEmpty());
    Map<String, Object> renamed = new HashMap<>(first);
    renamed.put("name", "other");
    registry.updatedDevice(device, renamed);
    await().until(() -> registry.find("same") != null && registry.find("same").point("y") != null);
    await().until(() -> board.problems().isEmpty());
    assertThat(registry.find("other")).isNotNull();
  }

  @Test
  void showsTheFirstOfManyErrors() {
    String[] rows = new String[1000];
    Arrays.setAll(rows, i -> "x" + i + ",bad,int16");
    registry.bindDevice(new FakeDevice("b"), service("drv~d", "points", rows));
    await().until(() -> messages().size() == 21);
    assertThat(messages()).contains("and 980 more like these");
  }

  @Test
  void keepsAnErrorOnTheBoardWhenTheMapIsSavedAgainWithIt() throws Exception {
    Path map = config.resolve("maps/m.csv");
    Files.writeString(map, "name,address,type\na,1,int16\nb,bad,int16\n");
    registry.bindDevice(new FakeDevice("b"), service("drv~d", "map", "m.csv"));
    await().until(() -> messages().size() == 1);
    ProblemBoard.Entry before = board.problems().get(0);
    Files.writeString(map, "name,address,type\na,1,int16\nb,bad,int16\nc,3,int16\n");
    await().until(() -> registry.find("d") != null && registry.find("d").point("c") != null);
    await().untilAsserted(() -> assertThat(board.problems()).containsExactly(before));
  }

  @Test
  void callsADriverThatHasGoneNoMoreEvenWhileAnotherKeepsTheRegistryBusy() {
    FakeDevice leaving = new FakeDevice("b");
    Map<String, Object> properties = service("drv~d", "points", new String[] {"x,1,int16"});
    registry.bindDevice(leaving, properties);
    awaitState("d", DeviceStatus.State.ONLINE);
    CountDownLatch compiling = new CountDownLatch(1);
    CountDownLatch held = new CountDownLatch(1);
    FakeDevice slow =
        new FakeDevice("c") {
          @Override
          public String bus() {
            compiling.countDown();
            FakeDevice.await(held);
            return super.bus();
          }
        };
    registry.bindDevice(slow, service("drv~slow", "points", new String[] {"x,1,int16"}));
    await().until(() -> compiling.getCount() == 0);
    FakeDevice brief = new FakeDevice("e");
    Map<String, Object> cameAndWent = service("drv~brief", "points", new String[] {"x,1,int16"});
    registry.bindDevice(brief, cameAndWent);
    registry.unbindDevice(cameAndWent);
    registry.unbindDevice(properties);
    int reads = leaving.reads.get();
    leaving.failure = DriverException.unreachable("deactivated", null);
    await().pollDelay(Duration.ofMillis(200)).until(() -> true);
    // One may have begun before it went.
    assertThat(leaving.reads.get()).isLessThanOrEqualTo(reads + 1);
    assertThat(messages()).isEmpty();
    held.countDown();
    awaitState("slow", DeviceStatus.State.ONLINE);
    await().until(() -> registry.find("d") == null);
    assertThat(brief.reads).hasValue(0);
  }

  @Test
  void reportsAWrongSettingOfTheDriversOwn() {
    Device device =
        (Device)
            Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {Device.class},
                (proxy, method, arguments) -> {
                  throw new IllegalArgumentException("host: expected a host name, found ''");
                });
    registry.bindDevice(device, service("drv~d", "points", new String[] {"x,1,int16"}));
    await()
        .untilAsserted(
            () ->
                assertThat(messages())
                    .containsExactly("config/drv~d.json: host: expected a host name, found ''"));
    awaitState("d", DeviceStatus.State.MISCONFIGURED);
  }
}
