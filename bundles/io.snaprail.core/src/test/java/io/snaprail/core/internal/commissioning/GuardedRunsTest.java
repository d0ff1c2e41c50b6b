package io.snaprail.core.internal.commissioning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.snaprail.api.audit.AuditEvent;
import io.snaprail.api.audit.AuditUnavailableException;
import io.snaprail.api.driver.DriverException;
import io.snaprail.api.runtime.Commissioning;
import io.snaprail.api.runtime.Commissioning.Run;
import io.snaprail.core.internal.points.RegisterMap;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What a run may do, how it ends, and what the audit log says of it. */
class GuardedRunsTest extends CommissioningRig {
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
