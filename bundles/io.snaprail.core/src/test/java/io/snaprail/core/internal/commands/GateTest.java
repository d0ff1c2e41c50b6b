package io.snaprail.core.internal.commands;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.snaprail.api.audit.AuditEvent;
import io.snaprail.api.audit.AuditUnavailableException;
import io.snaprail.api.command.CommandOutcome;
import io.snaprail.api.command.CommandOutcome.Status;
import io.snaprail.api.command.WriteCommand;
import io.snaprail.api.driver.DriverException;
import io.snaprail.api.model.Value;
import io.snaprail.core.internal.poller.FakeDevice;
import io.snaprail.core.internal.problems.Board;
import io.snaprail.core.internal.registry.DeviceRegistry;
import io.snaprail.core.internal.samples.Dispatcher;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GateTest {
  @TempDir private Path config;
  private final FakeDevice device = new FakeDevice("b");
  private final List<AuditEvent> audit = new CopyOnWriteArrayList<>();
  private DeviceRegistry registry;
  private Gate gate;
  private int commands;

  @BeforeEach
  void start() {
    registry = new DeviceRegistry(config, new Dispatcher(), new Board());
    registry.bindDevice(
        device,
        Map.of(
            "service.id",
            1L,
            "service.pid",
            "drv~d",
            "period.ms",
            60_000,
            "points",
            new String[] {
              "setpoint,1,int16,,0.1,0,°C,rw,,,10,90", "status,2,int16", "flag,3,bool,,,,,rw"
            }));
    await().until(() -> registry.find("d") != null && registry.find("d").placement() != null);
    gate = new Gate(registry, Clock.systemUTC(), Duration.ofSeconds(10));
    gate.bindAudit(audit::add);
  }

  @AfterEach
  void stop() {
    gate.stop();
    registry.stop();
  }

  private WriteCommand command(String id, String point, Value value, Instant expiresAt) {
    return new WriteCommand(id, "test", "tester", "d", point, value, expiresAt);
  }

  private CommandOutcome write(String point, Value value) throws Exception {
    return submit(
        command("c" + commands++, point, value, Clock.systemUTC().instant().plusSeconds(10)));
  }

  private CommandOutcome submit(WriteCommand command) throws Exception {
    return gate.submit(command).toCompletableFuture().get(10, TimeUnit.SECONDS);
  }

  @Test
  void writesTheRawValueOnceAndAuditsBeforeAndAfter() throws Exception {
    assertThat(write("setpoint", new Value.Float64(21.5)).status()).isEqualTo(Status.DONE);
    assertThat(device.writes).containsExactly("setpoint=215");
    assertThat(audit).extracting(AuditEvent::outcome).containsExactly("attempt", "DONE");
    assertThat(audit.get(0).subject()).isEqualTo("d/setpoint");
    assertThat(audit.get(0).actor()).isEqualTo("tester");
  }

  @Test
  void carriesOutACommandThatComesTwiceOnce() throws Exception {
    WriteCommand command =
        command("same", "setpoint", new Value.Int(20), Clock.systemUTC().instant().plusSeconds(9));
    assertThat(submit(command).status()).isEqualTo(Status.DONE);
    assertThat(submit(command).status()).isEqualTo(Status.DONE);
    assertThat(device.writes).hasSize(1);
  }

  @Test
  void refusesWhatIsOutOfRangeReadOnlyOrOfTheWrongKind() throws Exception {
    CommandOutcome high = write("setpoint", new Value.Float64(90.1));
    assertThat(high.status()).isEqualTo(Status.REJECTED);
    assertThat(high.message()).isEqualTo("value: expected 10..90 °C, found '90.1'");
    assertThat(write("status", new Value.Int(1)).message())
        .startsWith("point 'status' is read-only");
    assertThat(write("setpoint", new Value.Bool(true)).message())
        .isEqualTo("value: expected a number, found 'true'");
    assertThat(write("setpoint", new Value.Float64(Double.NaN)).status())
        .isEqualTo(Status.REJECTED);
    assertThat(device.writes).isEmpty();
  }

  @Test
  void saysWhenThereIsNoSuchDeviceOrPoint() throws Exception {
    assertThat(write("none", new Value.Int(1)).message())
        .isEqualTo("device 'd' has no point 'none'");
  }

  @Test
  void doesNotWriteAfterExpiry() throws Exception {
    WriteCommand late =
        command("late", "setpoint", new Value.Int(20), Clock.systemUTC().instant().minusSeconds(1));
    assertThat(submit(late).status()).isEqualTo(Status.EXPIRED);
    assertThat(device.writes).isEmpty();
  }

  @Test
  void takesBackAWriteThatWaitsBehindABusyBusForTooLong() throws Exception {
    await().until(() -> device.reads.get() == 1);
    device.gate = new CountDownLatch(1);
    // The write makes its group due, so the next read blocks the bus behind it.
    assertThat(write("setpoint", new Value.Int(20)).status()).isEqualTo(Status.DONE);
    await().until(() -> device.reads.get() == 2);
    WriteCommand waiting =
        command(
            "waits", "setpoint", new Value.Int(30), Clock.systemUTC().instant().plusMillis(100));
    assertThat(submit(waiting).status()).isEqualTo(Status.EXPIRED);
    device.gate.countDown();
    assertThat(device.writes).containsExactly("setpoint=200");
  }

  @Test
  void tellsAWriteThatFailedFromOneThatMayHaveHappened() throws Exception {
    device.failure = DriverException.unreachable("cannot connect", null);
    assertThat(write("setpoint", new Value.Int(20)).status()).isEqualTo(Status.FAILED);
    device.failure = DriverException.noAnswer("no answer in 1000 ms", null);
    assertThat(write("setpoint", new Value.Int(20)).status()).isEqualTo(Status.UNKNOWN);
    device.failure = DriverException.refused("exception 4");
    assertThat(write("setpoint", new Value.Int(20)).status()).isEqualTo(Status.FAILED);
    device.failure = DriverException.configuration("does not fit");
    assertThat(write("setpoint", new Value.Int(20)).status()).isEqualTo(Status.REJECTED);
  }

  @Test
  void writesNothingWhileTheAuditLogCannotBeWritten() throws Exception {
    gate.bindAudit(
        event -> {
          throw new AuditUnavailableException("audit.jsonl: disk full", new IOException());
        });
    CommandOutcome outcome = write("setpoint", new Value.Int(20));
    assertThat(outcome.status()).isEqualTo(Status.REJECTED);
    assertThat(outcome.message()).contains("audit.jsonl: disk full");
    assertThat(device.writes).isEmpty();
  }

  @Test
  void givesAnOutcomeWhenTheDriverNeverReturns() throws Exception {
    gate.stop();
    gate = new Gate(registry, Clock.systemUTC(), Duration.ofMillis(50));
    gate.bindAudit(audit::add);
    device.writeGate = new CountDownLatch(1);
    WriteCommand command =
        command(
            "stuck", "setpoint", new Value.Int(20), Clock.systemUTC().instant().plusMillis(100));
    CommandOutcome outcome = submit(command);
    assertThat(outcome.status()).isEqualTo(Status.UNKNOWN);
    assertThat(outcome.message()).isEqualTo("the driver has not ended the write");
    device.writeGate.countDown();
  }

  private void startWithReadBack() {
    registry.stop();
    registry = new DeviceRegistry(config, new Dispatcher(), new Board());
    registry.bindDevice(
        device,
        Map.of(
            "service.id",
            1L,
            "service.pid",
            "drv~d",
            "period.ms",
            60_000,
            "write.readback",
            true,
            "points",
            new String[] {
              "setpoint,1,int16,,0.1,0,°C,rw,,,10,90", "only,2,int16,,,,,w", "x,3,int16"
            }));
    await().until(() -> registry.find("d") != null && registry.find("d").placement() != null);
    gate.stop();
    gate = new Gate(registry, Clock.systemUTC(), Duration.ofSeconds(10));
    gate.bindAudit(audit::add);
  }

  @Test
  void readsBackWhatWasWrittenAndFailsWhenTheDeviceHoldsSomethingElse() throws Exception {
    startWithReadBack();
    device.holds = 215L;
    CommandOutcome same = write("setpoint", new Value.Float64(21.5));
    assertThat(same)
        .isEqualTo(new CommandOutcome(same.id(), Status.DONE, "", new Value.Float64(21.5)));
    device.holds = 200L;
    CommandOutcome different = write("setpoint", new Value.Float64(21.5));
    assertThat(different.status()).isEqualTo(Status.FAILED);
    assertThat(different.readBack()).isEqualTo(new Value.Float64(20.0));
    assertThat(different.message())
        .isEqualTo(
            "the device confirmed it but does not hold it: wrote 21.5 (raw 215), read back 20.0"
                + " (raw 200)");
    assertThat(audit.get(audit.size() - 1).outcome()).isEqualTo("FAILED");
    // Once each: a write is never repeated.
    assertThat(device.writes).containsExactly("setpoint=215", "setpoint=215");
  }

  @Test
  void commandMayAskForTheReadBackThatTheDeviceDoesNotHave() throws Exception {
    device.holds = 200L;
    CommandOutcome outcome =
        gate.submit(
                new WriteCommand(
                    "asks",
                    "shadow",
                    "cloud",
                    "d",
                    "setpoint",
                    new Value.Float64(21.5),
                    Instant.now().plusSeconds(10),
                    true))
            .toCompletableFuture()
            .get(5, TimeUnit.SECONDS);
    assertThat(outcome.status()).isEqualTo(Status.FAILED);
    assertThat(outcome.readBack()).isEqualTo(new Value.Float64(20.0));
    assertThat(write("setpoint", new Value.Float64(21.5)).readBack()).isNull();
  }

  @Test
  void saysOfAConfirmedWriteThatItCouldNotBeReadBack() throws Exception {
    startWithReadBack();
    device.readBackFailure = DriverException.noAnswer("no answer in 1000 ms", null);
    CommandOutcome outcome = write("setpoint", new Value.Float64(21.5));
    assertThat(outcome.status()).isEqualTo(Status.DONE);
    assertThat(outcome.readBack()).isNull();
    assertThat(outcome.message())
        .isEqualTo("the device confirmed it, but it could not be read back: no answer in 1000 ms");
    CommandOutcome writeOnly = write("only", new Value.Int(3));
    assertThat(writeOnly).isEqualTo(new CommandOutcome(writeOnly.id(), Status.DONE, ""));
  }

  @Test
  void readsBackBesideThePollsWhoseSamplesStayWhole() throws Exception {
    startWithReadBack();
    await().until(() -> registry.find("d").status().cycles() == 1);
    int before = device.reads.get();
    device.holds = 215L;
    write("setpoint", new Value.Float64(21.5));
    // The group of the point is due at once; its batch has all its points and the next number.
    await().until(() -> registry.find("d").status().cycles() == 2);
    assertThat(registry.find("d").point("setpoint").sample().value())
        .isEqualTo(new Value.Float64(21.5));
    assertThat(registry.find("d").point("x").sequence()).isEqualTo(2);
    assertThat(device.reads).hasValue(before + 2);
    assertThat(device.overlaps).hasValue(0);
  }

  @Test
  void givesAnOutcomeWhenTheGatewayStops() throws Exception {
    device.writeGate = new CountDownLatch(1);
    var outcome =
        gate.submit(
                command(
                    "open",
                    "setpoint",
                    new Value.Int(20),
                    Clock.systemUTC().instant().plusSeconds(60)))
            .toCompletableFuture();
    await().until(() -> !audit.isEmpty());
    gate.stop();
    assertThat(outcome.get(5, TimeUnit.SECONDS).status()).isEqualTo(Status.UNKNOWN);
    device.writeGate.countDown();
  }

  @Test
  void givesAnOutcomeWhenTheAuditLogFailsInAWayItDoesNotDeclare() throws Exception {
    gate.bindAudit(
        event -> {
          throw new IllegalStateException("gone");
        });
    CommandOutcome outcome = write("setpoint", new Value.Int(20));
    assertThat(outcome.status()).isEqualTo(Status.REJECTED);
    assertThat(outcome.message()).contains("gone");
    assertThat(write("none", new Value.Int(20)).status()).isEqualTo(Status.NOT_FOUND);
    assertThat(device.writes).isEmpty();
  }
}
