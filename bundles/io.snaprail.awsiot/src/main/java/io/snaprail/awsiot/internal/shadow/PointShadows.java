package io.snaprail.awsiot.internal.shadow;

import com.google.gson.JsonElement;
import com.google.gson.JsonPrimitive;
import io.snaprail.api.command.CommandGate;
import io.snaprail.api.command.CommandOutcome;
import io.snaprail.api.command.PointFilter;
import io.snaprail.api.command.WriteCommand;
import io.snaprail.api.model.Quality;
import io.snaprail.api.model.Sample;
import io.snaprail.api.model.SampleBatch;
import io.snaprail.api.model.Value;
import io.snaprail.api.runtime.Gateway;
import io.snaprail.api.runtime.PointStatus;
import io.snaprail.api.runtime.SampleListener;
import io.snaprail.awsiot.internal.json.JsonValues;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The points of devices in shadows: each device has a named shadow of its own, or all are in the
 * classic one. A device's samples are reported below the names of their points, and {@code _online}
 * tells whether it answers; what is BAD keeps the value that was reported last.
 */
public final class PointShadows implements SampleListener {
  private static final String ONLINE = "_online";

  private final ShadowHub hub;
  private final Layout layout;
  private final Parts parts;

  private final Presence presence = new Presence(System::nanoTime);

  /** Devices by the names of their shadows. Of the hub's lane. */
  private final Map<String, String> devices = new HashMap<>();

  /**
   * What goes where.
   *
   * @param perDevice whether each device has a shadow of its own
   * @param report points that are reported
   * @param write points that may be desired
   * @param longest how old a desired value may be
   */
  public record Layout(
      boolean perDevice, PointFilter report, PointFilter write, Duration longest) {}

  /**
   * What it works with.
   *
   * @param uplink its name, for the audit log
   * @param gateway may come and go
   * @param gate may come and go
   */
  public record Parts(
      String uplink,
      Supplier<@Nullable Gateway> gateway,
      Supplier<@Nullable CommandGate> gate,
      Clock clock,
      RandomGenerator random) {}

  /** Reports through a hub. */
  public PointShadows(ShadowHub hub, Layout layout, Parts parts) {
    this.hub = hub;
    this.layout = layout;
    this.parts = parts;
  }

  @Override
  public void samples(SampleBatch batch) {
    if (layout.report().device(batch.device())) {
      hub.execute(() -> take(batch));
    }
  }

  private void take(SampleBatch batch) {
    String device = batch.device();
    String shadow = layout.perDevice() ? shadowName(device) : "";
    String owner = devices.putIfAbsent(shadow, device);
    if (layout.perDevice() && owner != null && !owner.equals(device)) {
      // Two devices whose names differ only where a shadow's may not: the first one has it.
      return;
    }
    hub.open(shadow, settings(layout.perDevice() ? device : null));
    boolean online = false;
    for (Sample sample : batch.samples()) {
      online |= sample.quality() != Quality.BAD;
      Value value = sample.value();
      JsonElement json = value == null ? null : JsonValues.json(value);
      if (json != null && layout.report().matches(device, sample.point())) {
        hub.actual(shadow, path(device, sample.point()), json);
      }
    }
    hub.actual(shadow, path(device, ONLINE), new JsonPrimitive(online));
  }

  /** Takes points and devices that are gone out of what is reported. On the hub's lane. */
  public void prune() {
    Gateway gateway = parts.gateway().get();
    if (gateway == null) {
      return;
    }
    for (PointStatus point : gateway.points()) {
      String device = point.device();
      String shadow = layout.perDevice() ? shadowName(device) : "";
      if (layout.report().matches(device, point.definition().name())) {
        presence.seen(shadow, path(device, point.definition().name()));
        presence.seen(shadow, path(device, ONLINE));
      }
    }
    for (String shadow : devices.keySet()) {
      presence.settled(shadow).ifPresent(present -> hub.only(shadow, present));
    }
  }

  private ShadowPath path(String device, String point) {
    return layout.perDevice() ? ShadowPath.of(point) : ShadowPath.of(device, point);
  }

  /** AWS IoT Core: 1..64 letters, digits, ':', '_', '-'. */
  static String shadowName(String device) {
    return device.replaceAll("[^a-zA-Z0-9:_-]", "_");
  }

  private ActuationSettings settings(@Nullable String device) {
    return new ActuationSettings(
        new Points(device), hub::execute, parts.clock(), layout.longest(), parts.random());
  }

  /** The points of one device, or of all. */
  private final class Points implements ShadowTarget {
    private final @Nullable String device;

    Points(@Nullable String device) {
      this.device = device;
    }

    private record Place(String device, String point) {}

    private @Nullable Place place(ShadowPath path) {
      List<String> keys = path.keys();
      if (device != null) {
        return keys.size() == 1 ? new Place(device, keys.get(0)) : null;
      }
      return keys.size() == 2 ? new Place(keys.get(0), keys.get(1)) : null;
    }

    @Override
    public @Nullable Outcome refusal(ShadowPath path, JsonElement value) {
      Place place = place(path);
      Gateway gateway = parts.gateway().get();
      if (gateway == null || parts.gate().get() == null) {
        return new Outcome("NOT_READY", "the gateway is starting", null);
      }
      if (place == null || gateway.point(place.device(), place.point()).isEmpty()) {
        return new Outcome("NOT_FOUND", "there is no point '" + path + "'", null);
      }
      if (!layout.write().matches(place.device(), place.point())) {
        return new Outcome(
            "NOT_ALLOWED",
            "'" + path + "' is not among 'shadow.write' of the gateway's uplink",
            null);
      }
      try {
        JsonValues.value(value);
        return null;
      } catch (IllegalArgumentException e) {
        return new Outcome("BAD_VALUE", String.valueOf(e.getMessage()), null);
      }
    }

    @Override
    public CompletionStage<Outcome> write(
        String id, ShadowPath path, JsonElement value, Instant expiresAt) {
      Place place = place(path);
      CommandGate gate = parts.gate().get();
      if (place == null || gate == null) {
        return CompletableFuture.completedFuture(
            new Outcome("NOT_READY", "the gateway is starting", null));
      }
      WriteCommand command =
          new WriteCommand(
              id,
              "shadow",
              parts.uplink(),
              place.device(),
              place.point(),
              JsonValues.value(value),
              expiresAt,
              true);
      return gate.submit(command).thenApply(Points::outcome);
    }

    private static Outcome outcome(CommandOutcome outcome) {
      Value readBack = outcome.readBack();
      JsonElement value = readBack == null ? null : JsonValues.json(readBack);
      return outcome.status() == CommandOutcome.Status.DONE
          ? new Outcome(Outcome.DONE, "", value)
          : new Outcome(outcome.status().name(), outcome.message(), value);
    }

    @Override
    public double deadband(ShadowPath path) {
      Place place = place(path);
      Gateway gateway = parts.gateway().get();
      return place == null || gateway == null
          ? 0
          : gateway
              .point(place.device(), place.point())
              .map(status -> status.definition().deadband())
              .orElse(0.0);
    }
  }
}
