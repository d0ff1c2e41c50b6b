package io.snaprail.sparkplug.internal;

import io.snaprail.api.audit.AuditEvent;
import io.snaprail.api.audit.AuditLog;
import io.snaprail.api.audit.AuditUnavailableException;
import io.snaprail.api.command.CommandGate;
import io.snaprail.api.command.CommandOutcome;
import io.snaprail.api.command.PointFilter;
import io.snaprail.api.command.WriteCommand;
import io.snaprail.api.model.Value;
import io.snaprail.sparkplug.internal.wire.Metric;
import io.snaprail.sparkplug.internal.wire.Payload;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Commands of a host: specification 3.0.0, 6.4.24 and 6.4.25. A host gets no answer but the value
 * that the point then has; what is refused is in the audit log and in the log. Of the thread of
 * messages.
 */
final class Commands {
  private static final Logger LOG = LoggerFactory.getLogger(Commands.class);
  private static final Duration LIFE = Duration.ofSeconds(10);
  private static final int MOST = 100;
  private static final String ORIGIN = "sparkplug";

  private final String uplink;
  private final Rules rules;
  private final Aliases aliases;
  private final Parts parts;

  /**
   * What is allowed.
   *
   * @param writable points that may be written
   * @param longest how old a command may be by the gateway's clock; zero for any age
   */
  record Rules(PointFilter writable, Duration longest) {}

  /** Services, which may come and go. */
  record Parts(
      Supplier<@Nullable CommandGate> gate, Supplier<@Nullable AuditLog> audit, Clock clock) {}

  Commands(String uplink, Rules rules, Aliases aliases, Parts parts) {
    this.uplink = uplink;
    this.rules = rules;
    this.aliases = aliases;
    this.parts = parts;
  }

  /** Whether a command to the node asks for a rebirth. */
  boolean rebirth(byte[] payload) {
    try {
      boolean asked = false;
      for (Metric metric : Payload.read(payload).metrics()) {
        if (metric.name().equals(EdgeNode.REBIRTH)) {
          asked |= new Value.Bool(true).equals(metric.value());
        } else {
          LOG.warn("{}: NCMD with '{}', which this node does not know", uplink, shown(metric));
        }
      }
      return asked;
    } catch (IllegalArgumentException e) {
      LOG.warn("{}: NCMD ignored: {}", uplink, e.getMessage());
      return false;
    }
  }

  /** Carries out a command to a device. Does not wait for the device. */
  void write(String device, byte[] payload) {
    List<Metric> metrics;
    try {
      metrics = Payload.read(payload).metrics();
    } catch (IllegalArgumentException e) {
      LOG.warn("{}: DCMD for '{}' ignored: {}", uplink, device, e.getMessage());
      return;
    }
    if (metrics.size() > MOST) {
      LOG.warn("{}: DCMD for '{}' ignored: more than {} metrics", uplink, device, MOST);
      return;
    }
    metrics.forEach(metric -> write(device, metric));
  }

  private void write(String device, Metric metric) {
    String point = point(device, metric);
    if (point == null) {
      refuse(device, shown(metric), "the metric is not one of this device's birth");
      return;
    }
    Value value = metric.value();
    if (value == null) {
      refuse(device, point, "no value that a point can have");
    } else if (!rules.writable().matches(device, point)) {
      refuse(device, point, "not among 'commands.write' of this uplink");
    } else if (tooOld(metric)) {
      refuse(
          device,
          point,
          "its time stamp "
              + Instant.ofEpochMilli(metric.timestamp())
              + " is more than 'commands.max.age.s' from the gateway's clock");
    } else {
      submit(device, point, metric, value);
    }
  }

  private void submit(String device, String point, Metric metric, Value value) {
    CommandGate gate = parts.gate().get();
    if (gate == null) {
      refuse(device, point, "the gateway is starting");
      return;
    }
    WriteCommand command =
        new WriteCommand(
            id(device, point, metric, value),
            ORIGIN,
            uplink,
            device,
            point,
            value,
            parts.clock().instant().plus(LIFE),
            /* readBack= */ true);
    gate.submit(command)
        .whenComplete(
            (outcome, failure) -> {
              if (failure != null) {
                LOG.warn("{}: DCMD for '{}/{}' failed", uplink, device, point, failure);
              } else if (outcome.status() != CommandOutcome.Status.DONE) {
                LOG.warn(
                    "{}: DCMD for '{}/{}': {}: {}",
                    uplink,
                    device,
                    point,
                    outcome.status(),
                    outcome.message());
              }
            });
  }

  /** The same message twice is one command: MQTT may bring it twice with QoS 1. */
  private String id(String device, String point, Metric metric, Value value) {
    String id =
        metric.timestamp() < 0
            ? UUID.randomUUID().toString()
            : metric.timestamp() + ":" + value.text().hashCode() + ":" + device + "/" + point;
    String whole = uplink + ":" + id;
    return whole.substring(0, Math.min(whole.length(), WriteCommand.MAX_ID_LENGTH));
  }

  private @Nullable String point(String device, Metric metric) {
    if (!metric.name().isEmpty()) {
      return metric.name();
    }
    Aliases.Owner owner = aliases.owner(metric.alias());
    return owner == null || !owner.device().equals(device) ? null : owner.point();
  }

  private boolean tooOld(Metric metric) {
    if (rules.longest().isZero() || metric.timestamp() < 0) {
      return false;
    }
    long age = parts.clock().millis() - metric.timestamp();
    return age > rules.longest().toMillis() || age < -rules.longest().toMillis();
  }

  private void refuse(String device, String point, String why) {
    LOG.warn("{}: DCMD for '{}/{}' refused: {}", uplink, device, point, why);
    AuditLog audit = parts.audit().get();
    if (audit == null) {
      return;
    }
    try {
      audit.record(
          new AuditEvent(
              AuditEvent.Action.WRITE,
              uplink,
              ORIGIN,
              device + "/" + point,
              "refused",
              Map.of("message", why)));
    } catch (AuditUnavailableException e) {
      LOG.warn("{}: the refusal is not in the audit log: {}", uplink, e.getMessage());
    }
  }

  private static String shown(Metric metric) {
    String name = metric.name().isEmpty() ? "alias " + metric.alias() : metric.name();
    String plain = name.replaceAll("\\p{Cntrl}", "?");
    return plain.length() > 100 ? plain.substring(0, 100) + "..." : plain;
  }
}
