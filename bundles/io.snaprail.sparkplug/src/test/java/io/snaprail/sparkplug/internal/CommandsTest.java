package io.snaprail.sparkplug.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.snaprail.api.audit.AuditEvent;
import io.snaprail.api.command.CommandGate;
import io.snaprail.api.command.CommandOutcome;
import io.snaprail.api.command.PointFilter;
import io.snaprail.api.command.WriteCommand;
import io.snaprail.api.model.Value;
import io.snaprail.sparkplug.internal.wire.DataType;
import io.snaprail.sparkplug.internal.wire.Metric;
import io.snaprail.sparkplug.internal.wire.Payload;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Specification 3.0.0, 6.4.24 and 6.4.25: what a host may ask for, and what is done about it. */
class CommandsTest {
  private static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");

  private final List<WriteCommand> written = new ArrayList<>();
  private final List<AuditEvent> audited = new ArrayList<>();
  private final Aliases aliases = new Aliases();
  private final CommandGate gate =
      command -> {
        written.add(command);
        return CompletableFuture.completedFuture(
            new CommandOutcome(command.id(), CommandOutcome.Status.DONE, ""));
      };
  private final Commands commands =
      new Commands(
          "up",
          new Commands.Rules(
              PointFilter.parse("commands.write", List.of("boiler/set*")), Duration.ofSeconds(60)),
          aliases,
          new Commands.Parts(() -> gate, () -> audited::add, Clock.fixed(NOW, ZoneOffset.UTC)));

  private static byte[] payload(Metric... metrics) {
    return new Payload(NOW.toEpochMilli(), Payload.NO_SEQ, List.of(metrics)).toBytes();
  }

  private static Metric named(String name, Value value) {
    return Metric.named(name, NOW.toEpochMilli(), value);
  }

  private static Metric byAlias(long alias) {
    return new Metric(
        "", alias, NOW.toEpochMilli(), DataType.UNKNOWN, false, new Value.Int(-7), List.of());
  }

  private String refusal() {
    assertThat(written).isEmpty();
    assertThat(audited).hasSize(1);
    assertThat(audited.get(0).outcome()).isEqualTo("refused");
    return audited.get(0).subject() + ": " + audited.get(0).details().get("message");
  }

  @Test
  void commandGoesThroughTheGateAndExpiresSoon() {
    commands.write("boiler", payload(named("setpoint", new Value.Float64(21.5))));
    WriteCommand command = written.get(0);
    assertThat(command.device()).isEqualTo("boiler");
    assertThat(command.point()).isEqualTo("setpoint");
    assertThat(command.value()).isEqualTo(new Value.Float64(21.5));
    assertThat(command.origin()).isEqualTo("sparkplug");
    assertThat(command.actor()).isEqualTo("up");
    assertThat(command.readBack()).isTrue();
    assertThat(command.expiresAt()).isEqualTo(NOW.plusSeconds(10));
    assertThat(audited).isEmpty();
  }

  @Test
  void aliasOfTheBirthIsUnderstoodForItsOwnDeviceOnly() {
    long alias = aliases.give("boiler", "setpoint");
    commands.write("boiler", payload(byAlias(alias)));
    assertThat(written.get(0).point()).isEqualTo("setpoint");
    assertThat(written.get(0).value()).isEqualTo(new Value.Int(-7));
    written.clear();
    commands.write("pump", payload(byAlias(alias)));
    assertThat(refusal()).contains("not one of this device's birth");
  }

  @Test
  void whatIsNotAllowedIsRefusedAndAudited() {
    commands.write("boiler", payload(named("level", new Value.Int(1))));
    assertThat(refusal()).isEqualTo("boiler/level: not among 'commands.write' of this uplink");
  }

  @Test
  void commandOfAnotherTimeIsRefused() {
    long old = NOW.minusSeconds(61).toEpochMilli();
    commands.write("boiler", payload(Metric.named("setpoint", old, new Value.Int(1))));
    assertThat(refusal()).contains("2026-11-21T09:58:59Z", "'commands.max.age.s'");
    audited.clear();
    long ahead = NOW.plusSeconds(61).toEpochMilli();
    commands.write("boiler", payload(Metric.named("setpoint", ahead, new Value.Int(1))));
    assertThat(refusal()).contains("10:01:01Z");
  }

  // MQTT brings a message with QoS 1 at least once: the gate carries an id out once.
  @Test
  void sameMessageTwiceHasOneIdAndAnotherValueAnother() {
    commands.write("boiler", payload(named("setpoint", new Value.Int(1))));
    commands.write("boiler", payload(named("setpoint", new Value.Int(1))));
    commands.write("boiler", payload(named("setpoint", new Value.Int(2))));
    assertThat(written.get(0).id()).isEqualTo(written.get(1).id());
    assertThat(written.get(0).id()).isNotEqualTo(written.get(2).id());
  }

  @Test
  void nullAndNonsenseWriteNothing() {
    commands.write("boiler", new byte[] {1, 2, 3});
    commands.write("boiler", new byte[0]);
    Metric[] many =
        IntStream.range(0, 101)
            .mapToObj(i -> named("setpoint", new Value.Int(i)))
            .toArray(Metric[]::new);
    commands.write("boiler", payload(many));
    assertThat(written).isEmpty();
    commands.write(
        "boiler",
        payload(
            new Metric("setpoint", 0, NOW.toEpochMilli(), DataType.INT64, false, null, List.of())));
    assertThat(refusal()).contains("no value");
  }

  @Test
  void onlyTrueAsksForARebirth() {
    assertThat(commands.rebirth(payload(named(EdgeNode.REBIRTH, new Value.Bool(true))))).isTrue();
    assertThat(commands.rebirth(payload(named(EdgeNode.REBIRTH, new Value.Bool(false))))).isFalse();
    assertThat(commands.rebirth(payload(named("Node Control/Reboot", new Value.Bool(true)))))
        .isFalse();
    assertThat(commands.rebirth(new byte[] {-1})).isFalse();
  }
}
