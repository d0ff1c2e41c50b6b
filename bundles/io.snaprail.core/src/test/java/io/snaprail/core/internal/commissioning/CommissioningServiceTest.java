package io.snaprail.core.internal.commissioning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.snaprail.api.audit.AuditEvent;
import io.snaprail.api.audit.AuditUnavailableException;
import io.snaprail.api.driver.DriverException;
import io.snaprail.api.model.Sample;
import io.snaprail.api.runtime.Commissioning;
import io.snaprail.api.runtime.Commissioning.Run;
import io.snaprail.api.security.Principal;
import io.snaprail.api.security.Role;
import io.snaprail.core.internal.points.RegisterMap;
import io.snaprail.core.internal.poller.FakeDevice;
import io.snaprail.core.internal.problems.Board;
import io.snaprail.core.internal.registry.DeviceRegistry;
import io.snaprail.core.internal.samples.Dispatcher;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class CommissioningServiceTest {
  private static final Principal VIEWER = new Principal("vera", Role.VIEWER);
  private static final Principal OPERATOR = new Principal("otto", Role.OPERATOR);
  private static final Principal ADMIN = new Principal("anna", Role.ADMIN);

  @TempDir private Path config;
  private final AtomicInteger inside = new AtomicInteger();
  private final FakeTools tools = new FakeTools(inside);
  private final List<AuditEvent> audit = new CopyOnWriteArrayList<>();
  private DeviceRegistry registry;
  private CommissioningService service;

  @BeforeEach
  void start() {
    registry = new DeviceRegistry(config, new Dispatcher(), new Board());
    service = service(Duration.ofSeconds(30));
    service.bindAudit(audit::add);
  }

  private CommissioningService service(Duration patience) {
    CommissioningService made =
        new CommissioningService(
            registry::points, new BusQueue(registry::onBus, patience), Clock.systemUTC());
    made.bindTools(
        tools, Map.of("service.id", 7L, "device.pids", new String[] {FakeTools.PID, "other"}));
    return made;
  }

  @AfterEach
  void stop() {
    service.stop();
    registry.stop();
  }

  private Run ended(Run run) {
    await().until(() -> service.find(run.id()).orElseThrow().state() != Run.State.RUNNING);
    return service.find(run.id()).orElseThrow();
  }

  private Run look(Object... keysAndValues) {
    Map<String, String> parameters = new HashMap<>();
    for (int i = 0; i < keysAndValues.length; i += 2) {
      parameters.put((String) keysAndValues[i], (String) keysAndValues[i + 1]);
    }
    return service.run(FakeTools.PID, "look", Map.of(), parameters, OPERATOR);
  }

  private Run test(String host, String... points) {
    return service.test(FakeTools.PID, Map.of("host", host, "points", List.of(points)), OPERATOR);
  }

  @Test
  void namesTheDriversThatAreThere() {
    assertThat(service.pids()).containsExactly("drv", "other");
    assertThat(service.tools("drv"))
        .containsExactly(FakeTools.LOOK, FakeTools.POKE, FakeTools.WATCH);
    assertThat(service.presets("drv")).containsExactly(FakeTools.PRESET);
    assertThat(service.presets("none")).isEmpty();
    assertThat(service.tools("none")).isEmpty();
    assertThatThrownBy(() -> service.test("none", Map.of(), OPERATOR))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("pid: expected [drv, other], found 'none'");
    assertThatThrownBy(() -> service.run("drv", "lok", Map.of(), Map.of(), OPERATOR))
        .hasMessage("tool: expected one of [look, poke, watch], found 'lok'");
  }

  @Test
  void aTestReadsEachPointOnceScaledAndTellsOfEachRow() {
    Run run =
        ended(
            test(
                "here",
                "x,1,int16,,0.1,0,°C",
                "late,2,int16,,,,,,5s",
                "wrong,bad,int16",
                "set,3,int16,,,,,w",
                "ro,fixed,int16,,,,,rw",
                "torn,4"));

    assertThat(run.columns())
        .containsExactly("name", "address", "type", "value", "quality", "reason");
    assertThat(run.rows())
        .containsExactly(
            List.of(
                "",
                "",
                "",
                "",
                "BAD",
                "settings: points[6]: column 'type': expected a value, found nothing"),
            List.of("x", "1", "int16", "0.1 °C", "GOOD", ""),
            List.of("late", "2", "int16", "2", "GOOD", ""),
            List.of("wrong", "bad", "int16", "", "BAD", "address 'bad': expected a number"),
            List.of("set", "3", "int16", "", "", "can only be written, so it was not read"),
            List.of("ro", "fixed", "int16", "", "BAD", "address 'fixed': can only be read"));
    assertThat(run.samples())
        .extracting(sample -> sample.point())
        .containsExactly("x", "late", "wrong");
    assertThat(run.state()).isEqualTo(Run.State.DONE);
    assertThat(run.message()).isEqualTo("2 points read; 3 rows need a look, see below");
    assertThat(tools.opened.get(0).closed).isTrue();
    assertThat(tools.opened.get(0).reads).hasValue(2);
  }

  @Test
  void aTestOfADeviceThatIsAwayFailsWithTheDriversMessage() {
    Run run = ended(test("away", "x,1,int16", "y,2,int16,,,,,,5s"));

    assertThat(run.state()).isEqualTo(Run.State.FAILED);
    assertThat(run.message()).isEqualTo("cannot connect to away");
    assertThat(run.rows()).extracting(row -> row.get(5)).containsOnly("cannot connect to away");
    assertThat(tools.opened.get(0).reads).hasValue(1);
    assertThat(tools.opened.get(0).closed).isTrue();
  }

  @Test
  void aTestWithoutAUsablePointSaysWhatIsMissing() {
    assertThat(ended(test("here")).message()).startsWith("there is no usable point; give");
  }

  @Test
  void wrongSettingsAreRefusedBeforeAnythingBegins() {
    assertThatThrownBy(() -> service.test("drv", Map.of("period.ms", 1L), OPERATOR))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("period.ms: expected a whole number of milliseconds, 10..");
    assertThatThrownBy(() -> service.test("drv", Map.of(), OPERATOR))
        .hasMessage("host: expected a name, found nothing");
    assertThat(audit).isEmpty();
  }

  @Test
  void settingsAreLookedAtWithoutOpeningAnything() {
    assertThat(service.check("drv", Map.of("host", "h"))).containsExactly("mind h");
    assertThatThrownBy(() -> service.check("drv", Map.of("period.ms", 1L)))
        .hasMessageContaining("period.ms: expected");
    assertThatThrownBy(() -> service.check("none", Map.of())).hasMessageStartingWith("pid: ");
    assertThat(tools.opened).isEmpty();
  }

  /** TrialDevice.patience: "how long a test goes on reading while points have no value". */
  @Test
  void aDeviceThatSendsByItselfIsListenedToUntilItsPointsHaveCome() {
    Run begun = test("late", "x,1,int16");
    await().until(() -> tools.opened.get(0).reads.get() > 1);
    assertThat(service.find(begun.id()).orElseThrow().state()).isEqualTo(Run.State.RUNNING);

    tools.opened.get(0).failure = null;

    Run run = ended(begun);
    assertThat(run.state()).isEqualTo(Run.State.DONE);
    assertThat(run.rows().get(0)).contains("1", "GOOD");
  }

  /** ToolRun.points, ToolRun.samples: "read as for a device", "scaled, with their quality". */
  @Test
  void aToolGetsThePointsOfTheSettingsAndValuesAsTheyWouldBePublished() {
    tools.work =
        (parameters, run) -> {
          run.points().errors().forEach(error -> run.row(List.of("error", error)));
          List<Sample> samples =
              run.samples(
                  run.points().good(),
                  (sink, deadline) -> {
                    sink.integer(0, 215);
                    sink.float64(1, Double.NaN);
                  });
          samples.forEach(s -> run.row(List.of(s.point(), s.value() + " " + s.reason())));
        };

    Run run =
        ended(
            service.run(
                "drv",
                "look",
                Map.of("points", List.of("x,1,int16,,0.1", "y,2,number", "z,3,number", "torn,4")),
                Map.of(),
                OPERATOR));

    assertThat(run.rows())
        .containsExactly(
            List.of("error", "settings: points[4]: column 'type': expected a value, found nothing"),
            List.of("x", "Float64[value=21.5] "),
            List.of("y", "null the device answered NaN, which is no number"),
            List.of("z", "null the driver delivered no value for this point"));
  }

  @Test
  void aLiveToolKeepsItsNewestRowsAndCountsOn() {
    int rows = ActiveRun.MAX_LIVE_ROWS + 5;
    tools.work =
        (parameters, run) -> {
          for (int i = 0; i < rows; i++) {
            run.row(List.of("" + i));
          }
        };

    Run run = ended(service.run("drv", "watch", Map.of(), Map.of(), OPERATOR));

    assertThat(run.firstRow()).isEqualTo(5);
    assertThat(run.rows()).hasSize(ActiveRun.MAX_LIVE_ROWS).startsWith(List.of("5"));
    assertThat(run.message()).isEmpty();
  }

  /** Whoever closes the page forgets to end it, and only four may go on at once. */
  @Test
  void aLiveToolThatNobodyLooksAtEnds() {
    Trail trail = new Trail(() -> audit::add, OPERATOR, "drv/watch", "id", Map.of());
    Function<Duration, ActiveRun> live =
        unseen ->
            new ActiveRun(
                new ActiveRun.Shape("", List.of("n"), true, unseen),
                () -> RegisterMap.inline(List.of(), "", ""),
                new BusQueue(registry::onBus, Duration.ZERO),
                trail,
                Clock.systemUTC());
    ActiveRun seen = live.apply(Duration.ofDays(1));
    ActiveRun unseen = live.apply(Duration.ZERO);

    assertThat(seen.cancelled()).isFalse();
    assertThat(unseen.cancelled()).isTrue();
    assertThat(unseen.snapshot().message()).isEqualTo("nobody looks at it any more");
  }

  @Test
  void aLongTextIsShortenedInTheAuditLogOnly() {
    List<Integer> lengths = new CopyOnWriteArrayList<>();
    tools.work = (parameters, run) -> lengths.add(parameters.get("text").length());
    Map<String, String> text = Map.of("text", "x".repeat(65_536));
    ended(service.run("drv", "watch", Map.of(), text, OPERATOR));

    assertThat(lengths).containsExactly(65_536);
    assertThat(audit.get(0).details().get("parameter.text"))
        .hasSizeLessThan(4_200)
        .endsWith("... (65536 characters)");
    assertThatThrownBy(
            () ->
                service.run("drv", "watch", Map.of(), Map.of("text", "x".repeat(65_537)), OPERATOR))
        .hasMessage("text: expected at most 65536 characters, found 65537 characters");
  }

  /** "Works when the bus is polled by running devices": never two at once, and both go on. */
  @Test
  void aTestSharesTheBusWithTheDevicesThatArePolled() {
    FakeDevice polled = new FakeDevice("b", inside);
    registry.bindDevice(
        polled,
        Map.of(
            "service.id",
            1L,
            "service.pid",
            "drv~d",
            "period.ms",
            10,
            "points",
            new String[] {"x,1,int16"}));
    await().until(() -> polled.reads.get() > 3);

    for (int i = 0; i < 20; i++) {
      assertThat(ended(test("here", "x,1,int16")).state()).isEqualTo(Run.State.DONE);
    }

    int before = polled.reads.get();
    await().until(() -> polled.reads.get() > before + 3);
    assertThat(polled.overlaps).hasValue(0);
    assertThat(tools.opened).allMatch(trial -> trial.overlaps.get() == 0);
  }

  @Test
  void aToolGivesRowsProgressAndFiles() {
    tools.work =
        (parameters, run) -> {
          run.progress(3, 10, "unit 3");
          run.row(List.of("1", run.onBus("b", () -> parameters.toString())));
          run.file("found.csv", "name,address,type\n");
        };

    Run run = ended(look("first", " 17 "));

    assertThat(run.state()).isEqualTo(Run.State.DONE);
    assertThat(run.title()).isEqualTo("Look around");
    assertThat(run.rows())
        .containsExactly(List.of("1", "{first=17, deep=false, table=holding, data=}"));
    assertThat(run.files()).containsEntry("found.csv", "name,address,type\n");
    assertThat(run.done()).isEqualTo(3);
    assertThat(run.of()).isEqualTo(10);
    assertThat(run.message()).isEqualTo("unit 3");
  }

  @Test
  void parametersAreCheckedAgainstTheirKind() {
    assertThatThrownBy(() -> look("first", "248"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("first: expected a whole number, 1..247, found '248'");
    assertThatThrownBy(() -> look("first", "1.5")).hasMessageEndingWith("found '1.5'");
    assertThatThrownBy(() -> look("deep", "yes"))
        .hasMessage("deep: expected true or false, found 'yes'");
    assertThatThrownBy(() -> look("table", "coil"))
        .hasMessage("table: expected one of holding, input, found 'coil'");
    assertThatThrownBy(() -> look("data", "x".repeat(4_097)))
        .hasMessage("data: expected at most 4096 characters, found 4097 characters");
    assertThatThrownBy(() -> look("frist", "1"))
        .hasMessage("tool 'look' has no parameter 'frist'; expected first, deep, table, data");
  }

  @Test
  void everyRunIsAuditedBeforeAndAfterAndEachBusIsNamed() {
    tools.work =
        (parameters, run) -> {
          run.onBus("b", () -> "");
          run.onBus("b", () -> "");
        };
    Run run = ended(look("data", "06 00 01"));
    await().until(() -> audit.size() == 3);

    assertThat(audit).extracting(AuditEvent::outcome).containsExactly("attempt", "attempt", "ok");
    assertThat(audit).allMatch(e -> e.action() == AuditEvent.Action.TOOL);
    assertThat(audit).allMatch(e -> e.actor().equals("otto") && e.subject().equals("drv/look"));
    assertThat(audit).allMatch(e -> "06 00 01".equals(e.details().get("parameter.data")));
    assertThat(audit).allMatch(e -> run.id().equals(e.details().get("id")));
    assertThat(audit.get(1).details()).containsEntry("bus", "b");
  }

  @Test
  void nothingIsRunWithoutTheAuditLog() {
    AtomicBoolean ran = new AtomicBoolean();
    tools.work = (parameters, run) -> ran.set(true);
    service.bindAudit(
        event -> {
          throw new AuditUnavailableException("disk full", new IOException());
        });
    Run run = ended(look());

    assertThat(run.state()).isEqualTo(Run.State.FAILED);
    assertThat(run.message())
        .isEqualTo("the audit log cannot be written, so nothing is run: disk full");
    assertThat(ran).isFalse();
  }

  @Test
  void noBusIsUsedThatTheAuditLogDoesNotName() {
    AtomicBoolean used = new AtomicBoolean();
    tools.work =
        (parameters, run) ->
            run.onBus(
                "b",
                () -> {
                  used.set(true);
                  return "";
                });
    service.bindAudit(
        event -> {
          if (event.details().containsKey("bus")) {
            throw new AuditUnavailableException("disk full", new IOException());
          }
        });

    assertThat(ended(look()).state()).isEqualTo(Run.State.FAILED);
    assertThat(used).isFalse();
  }

  @Test
  void whoMayOnlyLookRunsNothingAndOperatorsNothingThatChanges() {
    assertThatThrownBy(() -> service.run("drv", "look", Map.of(), Map.of(), VIEWER))
        .isInstanceOf(SecurityException.class)
        .hasMessage("to use tool 'look' takes the role OPERATOR, found VIEWER");
    assertThatThrownBy(() -> service.test("drv", Map.of("host", "h"), VIEWER))
        .isInstanceOf(SecurityException.class);
    assertThatThrownBy(() -> service.run("drv", "poke", Map.of(), Map.of(), OPERATOR))
        .isInstanceOf(SecurityException.class)
        .hasMessage("to use tool 'poke' takes the role ADMIN, found OPERATOR");
    assertThat(audit).extracting(AuditEvent::outcome).containsOnly("refused").hasSize(3);
    assertThat(ended(service.run("drv", "poke", Map.of(), Map.of(), ADMIN)).state())
        .isEqualTo(Run.State.DONE);
  }

  @Test
  void cancellingEndsATaskThatWaitsForTheBusAndKeepsWhatWasFound() {
    CountDownLatch release = new CountDownLatch(1);
    registry.onBus("b", () -> held(release));
    AtomicBoolean used = new AtomicBoolean();
    tools.work =
        (parameters, run) -> {
          run.row(List.of("1", "2"));
          run.onBus(
              "b",
              () -> {
                used.set(true);
                return "";
              });
        };
    Run run = look();
    await().until(() -> !service.find(run.id()).orElseThrow().rows().isEmpty());

    service.cancel(run.id());

    Run cancelled = service.find(run.id()).orElseThrow();
    assertThat(cancelled.state()).isEqualTo(Run.State.CANCELLED);
    assertThat(cancelled.rows()).containsExactly(List.of("1", "2"));
    await().until(() -> audit.get(audit.size() - 1).outcome().equals("cancelled"));
    release.countDown();
    assertThat(registry.onBus("b", () -> "next")).succeedsWithin(Duration.ofSeconds(10));
    assertThat(used).isFalse();
  }

  private static String held(CountDownLatch gate) {
    try {
      gate.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return "";
  }

  /** An interrupt closes the file channel that the audit log writes to, for good. */
  @Test
  void cancellingNeverInterruptsTheAuditLog() throws Exception {
    CountDownLatch recording = new CountDownLatch(1);
    CountDownLatch cancelled = new CountDownLatch(1);
    AtomicBoolean interrupted = new AtomicBoolean();
    service.bindAudit(
        event -> {
          if (event.details().containsKey("bus")) {
            recording.countDown();
            held(cancelled);
          }
          interrupted.compareAndSet(false, Thread.currentThread().isInterrupted());
        });
    AtomicBoolean used = new AtomicBoolean();
    tools.work = (parameters, run) -> used.set(run.onBus("b", () -> true));
    Run run = look();
    recording.await();

    service.cancel(run.id());
    cancelled.countDown();
    service.stop();

    assertThat(interrupted).isFalse();
    assertThat(used).isFalse();
  }

  @Test
  void fourRunAtOnceAndAFifthIsRefused() {
    CountDownLatch release = new CountDownLatch(1);
    tools.work = (parameters, run) -> held(release);
    List<Run> four = IntStream.range(0, Commissioning.MAX_RUNS).mapToObj(i -> look()).toList();

    assertThatThrownBy(this::look)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageStartingWith("4 runs are under way: wait");
    assertThatThrownBy(() -> test("here", "x,1,int16")).isInstanceOf(IllegalStateException.class);
    assertThat(tools.opened.get(0).closed).isTrue();

    release.countDown();
    four.forEach(run -> assertThat(ended(run).state()).isEqualTo(Run.State.DONE));
    await().ignoreException(IllegalStateException.class).until(() -> look() != null);
  }

  @Test
  void aToolThatThrowsAnythingEndsAsFailed() {
    tools.work =
        (parameters, run) -> {
          throw new StackOverflowError("deep");
        };
    assertThat(ended(look()).message())
        .isEqualTo(
            "the driver failed in a way it does not declare: java.lang.StackOverflowError: deep");
    tools.work =
        (parameters, run) -> {
          throw DriverException.refused("exception 1 (illegal function)");
        };
    Run refused = ended(look());
    assertThat(refused.state()).isEqualTo(Run.State.FAILED);
    assertThat(refused.message()).isEqualTo("exception 1 (illegal function)");
    tools.work = (parameters, run) -> run.row(List.of("1"));
    assertThat(ended(look()).message()).isEqualTo("a row of 1 cells, expected 2");
  }

  @Test
  void aDriverThatGoesAwayEndsItsRuns() {
    CountDownLatch never = new CountDownLatch(1);
    tools.work = (parameters, run) -> never.await();
    Run run = look();
    await().until(() -> !audit.isEmpty());

    service.unbindTools(Map.of("service.id", 7L));

    Run gone = ended(run);
    assertThat(gone.state()).isEqualTo(Run.State.FAILED);
    assertThat(gone.message()).startsWith("its driver has gone away meanwhile; run it again");
    assertThat(service.pids()).isEmpty();
  }

  @Test
  void aBusThatDoesNotBecomeFreeIsNamedWithWhatToDo() {
    CommissioningService hasty = service(Duration.ofMillis(50));
    hasty.bindAudit(audit::add);
    CountDownLatch release = new CountDownLatch(1);
    registry.onBus("b", () -> held(release));
    tools.work = (parameters, run) -> run.onBus("b", () -> "");
    Run run = hasty.run("drv", "look", Map.of(), Map.of(), OPERATOR);

    await().until(() -> hasty.find(run.id()).orElseThrow().state() == Run.State.FAILED);
    assertThat(hasty.find(run.id()).orElseThrow().message())
        .startsWith("b did not become free within")
        .contains("switch some off");
    release.countDown();
    hasty.stop();
  }

  @Test
  void rowsBeyondTheMostThatAreKeptAreCounted() {
    tools.work =
        (parameters, run) -> {
          for (int i = 0; i < ActiveRun.MAX_ROWS + 5; i++) {
            run.row(List.of("" + i, ""));
          }
        };
    Run run = ended(look());
    assertThat(run.rows()).hasSize(10_000);
    assertThat(run.message()).isEqualTo("the last 5 rows are left out");
  }

  @Test
  void whatEndedIsForgottenAfterItsTime() {
    Runs runs =
        new Runs(new BusQueue(registry::onBus, Duration.ZERO), () -> audit::add, Duration.ZERO);
    Trail trail = runs.trail(OPERATOR, "drv", "look", Map.of());
    ActiveRun made =
        new ActiveRun(
            new ActiveRun.Shape("", List.of(), false),
            () -> RegisterMap.inline(List.of(), "", ""),
            runs.buses(),
            trail,
            Clock.systemUTC());
    Run run = runs.begin(7, made, active -> {});

    await().untilAsserted(() -> assertThat(runs.find(run.id())).isEmpty());
    runs.close();
  }
}
