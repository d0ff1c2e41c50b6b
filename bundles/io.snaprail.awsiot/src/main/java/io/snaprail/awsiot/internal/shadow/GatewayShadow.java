package io.snaprail.awsiot.internal.shadow;

import com.google.gson.JsonElement;
import com.google.gson.JsonPrimitive;
import io.snaprail.api.certificate.CertificateExpiries;
import io.snaprail.api.certificate.Expiry;
import io.snaprail.api.runtime.DeviceStatus;
import io.snaprail.api.runtime.Gateway;
import io.snaprail.awsiot.internal.shadow.DeviceSettings.Change;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The gateway itself as a named shadow: its version and start, when its certificates end, and of
 * each device whether it is on, its period, its state, and the deadbands that are set for it.
 * {@code devices.NAME.enabled}, {@code devices.NAME.periodMs} and {@code
 * devices.NAME.deadbands.POINT} may be desired.
 */
public final class GatewayShadow implements ShadowTarget {
  /** Name of the shadow. */
  public static final String NAME = "gateway";

  private static final String DEVICES = "devices";
  private static final String ENABLED = "enabled";
  private static final String PERIOD = "periodMs";
  private static final String DEADBANDS = "deadbands";
  private static final int PERIOD_MIN_MS = 10;
  private static final int PERIOD_MAX_MS = 86_400_000;
  private static final long DEADBAND_MAX = 1_000_000;

  private final ShadowHub hub;
  private final Parts parts;
  private final boolean writable;
  private final Presence presence = new Presence(System::nanoTime);

  /**
   * What it works with; services may come and go.
   *
   * @param version of the distribution
   */
  public record Parts(
      String version,
      Supplier<@Nullable Gateway> gateway,
      Supplier<@Nullable CertificateExpiries> expiries,
      DeviceSettings settings,
      Clock clock) {}

  /**
   * Reports through a hub.
   *
   * @param writable whether devices may be switched and their periods set
   */
  public GatewayShadow(ShadowHub hub, Parts parts, boolean writable) {
    this.hub = hub;
    this.parts = parts;
    this.writable = writable;
  }

  /** Reports how everything is now. On the hub's lane. */
  public void refresh() {
    tell(new JsonPrimitive(parts.version()), "version");
    Gateway gateway = parts.gateway().get();
    if (gateway != null) {
      tell(new JsonPrimitive(gateway.startedAt().toString()), "startedAt");
      tell(new JsonPrimitive(gateway.bootId()), "bootId");
      gateway.devices().forEach(this::device);
      parts.settings().deadbands().forEach((device, points) -> deadbands(gateway, device, points));
    }
    CertificateExpiries expiries = parts.expiries().get();
    if (expiries != null) {
      Instant now = parts.clock().instant();
      expiries.expiries().forEach(expiry -> certificate(expiry, now));
    }
    if (gateway != null && expiries != null) {
      presence.settled(NAME).ifPresent(present -> hub.only(NAME, present));
    }
  }

  private void deadbands(Gateway gateway, String device, Set<String> points) {
    for (String name : points) {
      gateway
          .point(device, name)
          .ifPresent(
              point ->
                  tell(
                      new JsonPrimitive(point.definition().deadband()),
                      DEVICES,
                      device,
                      DEADBANDS,
                      name));
    }
  }

  private void device(DeviceStatus device) {
    boolean on = device.state() != DeviceStatus.State.DISABLED;
    tell(new JsonPrimitive(on), DEVICES, device.name(), ENABLED);
    tell(new JsonPrimitive(device.period().toMillis()), DEVICES, device.name(), PERIOD);
    tell(new JsonPrimitive(device.state().name()), DEVICES, device.name(), "state");
  }

  // The JDK's roots are many and nobody's here to renew: identities and own roots are told.
  private void certificate(Expiry expiry, Instant now) {
    String kind = expiry.kind().name().toLowerCase(Locale.ROOT);
    if (!expiry.name().isEmpty()) {
      String name = expiry.name();
      tell(new JsonPrimitive(expiry.notAfter().toString()), "certificates", kind, name, "notAfter");
      tell(new JsonPrimitive(expiry.level(now).name()), "certificates", kind, name, "level");
    }
  }

  private void tell(JsonElement value, String... keys) {
    ShadowPath path = ShadowPath.of(keys);
    presence.seen(NAME, path);
    hub.actual(NAME, path, value);
  }

  @Override
  public @Nullable Outcome refusal(ShadowPath path, JsonElement value) {
    List<String> keys = path.keys();
    if (!known(keys)) {
      return new Outcome(
          "NOT_FOUND",
          "expected devices.NAME.enabled, devices.NAME.periodMs or devices.NAME.deadbands.POINT",
          null);
    }
    if (!writable) {
      return new Outcome(
          "NOT_ALLOWED", "'shadow.gateway.write' of the gateway's uplink is false", null);
    }
    String bad = bad(keys.get(2), value);
    return bad.isEmpty() ? null : new Outcome("BAD_VALUE", bad, null);
  }

  private static boolean known(List<String> keys) {
    return keys.size() >= 3
        && keys.get(0).equals(DEVICES)
        && (keys.get(2).equals(DEADBANDS)
            ? keys.size() == 4
            : keys.size() == 3 && List.of(ENABLED, PERIOD).contains(keys.get(2)));
  }

  /** What is expected in place of a value; empty when it fits. */
  private static String bad(String key, JsonElement value) {
    JsonPrimitive primitive = value.isJsonPrimitive() ? value.getAsJsonPrimitive() : null;
    if (key.equals(ENABLED)) {
      return primitive != null && primitive.isBoolean() ? "" : "expected true or false";
    }
    double number = primitive != null && primitive.isNumber() ? primitive.getAsDouble() : -1;
    if (key.equals(DEADBANDS)) {
      return number >= 0 && number <= DEADBAND_MAX ? "" : "expected a number 0.." + DEADBAND_MAX;
    }
    return number == Math.rint(number) && number >= PERIOD_MIN_MS && number <= PERIOD_MAX_MS
        ? ""
        : "expected " + PERIOD_MIN_MS + ".." + PERIOD_MAX_MS + " ms";
  }

  @Override
  public CompletionStage<Outcome> write(
      String id, ShadowPath path, JsonElement value, Instant expiresAt) {
    String device = path.keys().get(1);
    Change change =
        switch (path.keys().get(2)) {
          case ENABLED -> new Change(device, "enabled", value.getAsBoolean());
          case PERIOD -> new Change(device, "period.ms", value.getAsInt());
          default -> deadband(device, path.keys().get(3), value);
        };
    return parts.settings().apply(change, id).thenApply(fault -> outcome(fault, value));
  }

  private static Change deadband(String device, String point, JsonElement value) {
    return new Change(
        device, DeviceSettings.DEADBANDS, point + "=" + Double.toString(value.getAsDouble()));
  }

  private static Outcome outcome(String fault, JsonElement value) {
    return fault.isEmpty()
        ? new Outcome(Outcome.DONE, "", value)
        : new Outcome("FAILED", fault, null);
  }

  @Override
  public double deadband(ShadowPath path) {
    return 0;
  }
}
