package io.snaprail.sparkplug.internal;

import io.snaprail.api.command.PointFilter;
import io.snaprail.api.model.Value;
import io.snaprail.api.mqtt.Cycles;
import io.snaprail.api.mqtt.Presence;
import io.snaprail.api.mqtt.TelemetryEncoding;
import io.snaprail.api.mqtt.TelemetryMessage;
import io.snaprail.api.runtime.DeviceStatus;
import io.snaprail.api.runtime.Gateway;
import io.snaprail.api.runtime.PointStatus;
import io.snaprail.sparkplug.internal.wire.Metric;
import io.snaprail.sparkplug.internal.wire.Payload;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * An edge node of Sparkplug B 3.0 as an encoding of the uplink: what is said, in which order.
 *
 * <ul>
 *   <li>With each CONNECT goes a death certificate as the will, with a {@code bdSeq} of its own.
 *   <li>Once commands are subscribed, and the primary host is online where there is one: NBIRTH,
 *       then a DBIRTH for each device that is online, then data. NBIRTH has sequence number 0, each
 *       message after it one more, modulo 256.
 *   <li>A device that is online later is born then; one that is no longer online dies.
 *   <li>Data of a metric that the host does not know, or not with this type, is preceded by another
 *       birth of its device. Data older than the birth's, or that has waited, is historical.
 * </ul>
 *
 * <p>Everything is of the connection's thread, except where it says otherwise.
 */
public final class EdgeNode implements TelemetryEncoding, Presence {
  /** A command that every edge node must know: specification 3.0.0, 6.4.8. */
  static final String REBIRTH = "Node Control/Rebirth";

  private static final String BD_SEQ = "bdSeq";
  private static final Duration LOOK = Duration.ofSeconds(1);
  private static final Duration REBIRTH_PAUSE = Duration.ofSeconds(1);
  // A device that is away, and whose old values are being told, dies when they are.
  private static final Duration QUIET = Duration.ofSeconds(5);

  private final Parts parts;
  private final Aliases aliases;
  private final Map<String, DeviceModel> models = new HashMap<>();
  private final Deque<String> births = new ArrayDeque<>();
  private final Deque<String> deaths = new ArrayDeque<>();
  private final Map<String, Long> history = new HashMap<>();
  private final AtomicBoolean rebirth = new AtomicBoolean();
  // Set by the thread of messages.
  private volatile boolean subscribed;
  private Map<String, List<PointStatus>> snapshot = Map.of();
  private boolean born;
  private int seq;
  private long bornAt;
  private long nextLook;

  /**
   * What it works with.
   *
   * @param gateway may come and go
   * @param devices that are sent
   * @param writable points that may be written
   */
  public record Parts(
      Names names,
      Supplier<@Nullable Gateway> gateway,
      PointFilter devices,
      PointFilter writable,
      PrimaryHost host,
      BirthDeathSequence bdSeq,
      Clock clock,
      LongSupplier nanoTime) {}

  /** An edge node that is not yet born. */
  EdgeNode(Parts parts, Aliases aliases) {
    this.parts = parts;
    this.aliases = aliases;
  }

  /** Whether commands are subscribed on the present connection. By any thread. */
  void subscribed(boolean now) {
    subscribed = now;
  }

  /** A host asks for all births once more. By any thread. */
  void rebirth() {
    rebirth.set(true);
  }

  @Override
  public Message will() {
    int number = parts.bdSeq().next();
    return new Message(parts.names().nodeDeath(), death(number), 1, /* retained= */ false);
  }

  @Override
  public List<Message> online() {
    // A birth must wait for subscriptions and the primary host.
    return List.of();
  }

  @Override
  public List<Message> offline() {
    return born
        ? List.of(
            new Message(
                parts.names().nodeDeath(),
                death(parts.bdSeq().current()),
                1,
                /* retained= */ false))
        : List.of();
  }

  private byte[] death(int number) {
    Metric bdSeq = Metric.named(BD_SEQ, now(), new Value.Int(number));
    return new Payload(now(), Payload.NO_SEQ, List.of(bdSeq)).toBytes();
  }

  @Override
  public void encode(Cycles cycles, Output output) {
    Samples.encode(cycles, output);
  }

  @Override
  public void begin() {
    forgetBirths();
    rebirth.set(false);
  }

  @Override
  public void end() {
    subscribed = false;
    forgetBirths();
  }

  private void forgetBirths() {
    born = false;
    births.clear();
    deaths.clear();
    snapshot = Map.of();
    models.values().forEach(DeviceModel::died);
  }

  @Override
  public @Nullable TelemetryMessage due() {
    parts.host().look();
    if (!subscribed || !parts.host().online()) {
      return null;
    }
    long now = parts.nanoTime().getAsLong();
    if (!born) {
      return nodeBirth(now);
    }
    if (rebirth.get()) {
      // A host that asks again and again must not have births alone.
      return now - bornAt >= REBIRTH_PAUSE.toNanos() ? nodeBirth(now) : null;
    }
    if (now - nextLook >= 0) {
      look(now);
    }
    TelemetryMessage death = nextDeath();
    return death == null ? nextBirth() : death;
  }

  @Override
  public boolean ready() {
    return born
        && subscribed
        && births.isEmpty()
        && deaths.isEmpty()
        && !rebirth.get()
        && parts.host().online();
  }

  private TelemetryMessage nodeBirth(long nanos) {
    forgetBirths();
    rebirth.set(false);
    born = true;
    bornAt = nanos;
    seq = 0;
    nextLook = nanos;
    long now = now();
    List<Metric> metrics =
        List.of(
            Metric.named(BD_SEQ, now, new Value.Int(parts.bdSeq().current())),
            Metric.named(REBIRTH, now, new Value.Bool(false)));
    Gateway gateway = parts.gateway().get();
    if (gateway != null) {
      snapshot = gateway.points().stream().collect(Collectors.groupingBy(PointStatus::device));
    }
    return data(parts.names().nodeBirth(), new Payload(now, seq, metrics));
  }

  /** Which devices have come and gone. */
  private void look(long now) {
    nextLook = now + LOOK.toNanos();
    Gateway gateway = parts.gateway().get();
    if (gateway == null) {
      return;
    }
    Set<String> online = new HashSet<>();
    Set<String> there = new HashSet<>();
    for (DeviceStatus device : gateway.devices()) {
      there.add(device.name());
      if (device.state() == DeviceStatus.State.ONLINE && selects(device.name())) {
        online.add(device.name());
        if (!model(device.name()).born()) {
          births.add(device.name());
        }
      }
    }
    models.entrySet().removeIf(entry -> gone(entry.getKey(), entry.getValue(), there));
    models.forEach(
        (name, model) -> {
          boolean quiet =
              now - history.getOrDefault(name, now - QUIET.toNanos()) >= QUIET.toNanos();
          if (model.born() && !online.contains(name) && quiet) {
            deaths.add(name);
          }
        });
  }

  private boolean gone(String name, DeviceModel model, Set<String> there) {
    if (model.born() || there.contains(name)) {
      return false;
    }
    model.forget();
    history.remove(name);
    return true;
  }

  private boolean selects(String device) {
    return parts.devices().none() || parts.devices().device(device);
  }

  private @Nullable TelemetryMessage nextDeath() {
    String device = deaths.poll();
    if (device == null) {
      return null;
    }
    model(device).died();
    Payload payload = new Payload(now(), nextSeq(), List.of());
    return data(parts.names().deviceDeath(device), payload);
  }

  private @Nullable TelemetryMessage nextBirth() {
    String device = births.poll();
    if (device == null) {
      snapshot = Map.of();
      return null;
    }
    List<PointStatus> points = snapshot.get(device);
    return birth(device, points == null ? points(device) : points, List.of());
  }

  private List<PointStatus> points(String device) {
    Gateway gateway = parts.gateway().get();
    return gateway == null
        ? List.of()
        : gateway.points().stream().filter(point -> point.device().equals(device)).toList();
  }

  private TelemetryMessage birth(String device, List<PointStatus> points, List<Metric> data) {
    List<Metric> metrics = model(device).birth(points, data, parts.writable(), now());
    return data(parts.names().deviceBirth(device), new Payload(now(), nextSeq(), metrics));
  }

  @Override
  public List<TelemetryMessage> send(String topic, byte[] payload, boolean replayed) {
    String device = parts.names().device(topic);
    if (device.isEmpty()) {
      throw new IllegalArgumentException(
          "expected the topic " + parts.names().deviceData("DEVICE") + ", found " + topic);
    }
    List<Metric> metrics = Payload.read(payload).metrics();
    DeviceModel model = model(device);
    if (!model.born() && metrics.stream().allMatch(metric -> metric.value() == null)) {
      // That it does not answer is what its death has said.
      return List.of();
    }
    List<TelemetryMessage> messages = new ArrayList<>();
    if (!model.born() || !model.fits(metrics)) {
      messages.add(birth(device, points(device), metrics));
    }
    List<Metric> sent = metrics.stream().map(metric -> model.data(metric, replayed)).toList();
    if (sent.stream().anyMatch(Metric::historical)) {
      history.put(device, parts.nanoTime().getAsLong());
    }
    messages.add(data(topic, new Payload(now(), nextSeq(), sent)));
    return messages;
  }

  private DeviceModel model(String device) {
    return models.computeIfAbsent(device, name -> new DeviceModel(name, aliases));
  }

  private int nextSeq() {
    seq = (seq + 1) & 0xff;
    return seq;
  }

  private long now() {
    return parts.clock().millis();
  }

  /** All but the death of a node goes with QoS 0, not retained: 6.4.8 to 6.4.21. */
  private static TelemetryMessage data(String topic, Payload payload) {
    return new TelemetryMessage(topic, payload.toBytes(), 0, /* retained= */ false);
  }
}
