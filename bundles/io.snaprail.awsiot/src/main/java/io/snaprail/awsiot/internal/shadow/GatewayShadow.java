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
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The gateway itself as a named shadow: its version and start, when its certificates end, and of
 * each device whether it is on, its period and its state. {@code devices.NAME.enabled} and {@code
 * devices.NAME.periodMs} may be desired.
 */
public final class GatewayShadow implements ShadowTarget {
  /** Name of the shadow. */
  public static final String NAME = "gateway";

  private static final String DEVICES = "devices";
  private static final String ENABLED = "enabled";
  private static final String PERIOD = "periodMs";
  private static final int PERIOD_MIN_MS = 10;
  private static final int PERIOD_MAX_MS = 86_400_000;

  private final ShadowHub hub;
  private final Parts parts;
  private final boolean writable;

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
    }
    CertificateExpiries expiries = parts.expiries().get();
    if (expiries != null) {
      Instant now = parts.clock().instant();
      expiries.expiries().forEach(expiry -> certificate(expiry, now));
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
    hub.actual(NAME, ShadowPath.of(keys), value);
  }

  @Override
  public @Nullable Outcome refusal(ShadowPath path, JsonElement value) {
    List<String> keys = path.keys();
    boolean known =
        keys.size() == 3
            && keys.get(0).equals(DEVICES)
            && List.of(ENABLED, PERIOD).contains(keys.get(2));
    if (!known) {
      return new Outcome(
          "NOT_FOUND", "expected devices.NAME.enabled or devices.NAME.periodMs", null);
    }
    if (!writable) {
      return new Outcome(
          "NOT_ALLOWED", "'shadow.gateway.write' of the gateway's uplink is false", null);
    }
    JsonPrimitive primitive = value.isJsonPrimitive() ? value.getAsJsonPrimitive() : null;
    boolean fits =
        keys.get(2).equals(ENABLED)
            ? primitive != null && primitive.isBoolean()
            : primitive != null
                && primitive.isNumber()
                && primitive.getAsDouble() == Math.rint(primitive.getAsDouble())
                && primitive.getAsDouble() >= PERIOD_MIN_MS
                && primitive.getAsDouble() <= PERIOD_MAX_MS;
    return fits
        ? null
        : new Outcome(
            "BAD_VALUE",
            keys.get(2).equals(ENABLED)
                ? "expected true or false"
                : "expected " + PERIOD_MIN_MS + ".." + PERIOD_MAX_MS + " ms",
            null);
  }

  @Override
  public CompletionStage<Outcome> write(
      String id, ShadowPath path, JsonElement value, Instant expiresAt) {
    String device = path.keys().get(1);
    boolean enabled = path.keys().get(2).equals(ENABLED);
    Change change =
        enabled
            ? new Change(device, "enabled", value.getAsBoolean())
            : new Change(device, "period.ms", value.getAsInt());
    return parts.settings().apply(change, id).thenApply(fault -> outcome(fault, value));
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
