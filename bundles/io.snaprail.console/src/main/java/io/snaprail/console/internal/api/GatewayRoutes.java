package io.snaprail.console.internal.api;

import com.google.gson.JsonObject;
import io.snaprail.api.health.ProblemBoard;
import io.snaprail.api.runtime.DeviceStatus;
import io.snaprail.api.runtime.Gateway;
import io.snaprail.api.runtime.PointStatus;
import io.snaprail.api.security.Role;
import io.snaprail.api.uplink.Uplink;
import io.snaprail.api.uplink.UplinkStatus;
import io.snaprail.console.internal.access.Caller;
import io.snaprail.console.internal.access.Refusal;
import io.snaprail.console.internal.access.RequestRules;
import io.snaprail.console.internal.access.Sessions;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Routes that show the gateway. */
public final class GatewayRoutes {
  private final Services services;
  private final Clock clock;

  /** With the services to show. */
  public GatewayRoutes(Services services, Clock clock) {
    this.services = services;
    this.clock = clock;
  }

  /** Adds the routes. */
  public void addTo(Router router) {
    router
        .add("GET", "/api/v1/devices", Role.VIEWER, this::devices)
        .add("GET", "/api/v1/points", Role.VIEWER, this::points)
        .add("GET", "/api/v1/points/{device}/{point}", Role.VIEWER, this::point)
        .add("GET", "/api/v1/health", Role.VIEWER, this::health)
        .add("GET", "/api/v1/session", Role.VIEWER, this::session);
  }

  /** The gateway, or 503 while it starts. */
  static Gateway gateway(Services services) throws Refusal {
    return services.gateway().orElseThrow(() -> RequestRules.starting("the core is"));
  }

  private Reply devices(ApiRequest request) throws Refusal {
    JsonObject json = new JsonObject();
    json.addProperty("now", clock.instant().toString());
    json.add("devices", Views.array(gateway(services).devices(), Views::device));
    return Reply.ok(json);
  }

  private Reply points(ApiRequest request) throws Refusal {
    Gateway gateway = gateway(services);
    Optional<String> device = request.query("device");
    if (device.isPresent()
        && gateway.devices().stream().noneMatch(d -> d.name().equals(device.get()))) {
      throw BusRoutes.noDevice(device.get());
    }
    List<PointStatus> points =
        gateway.points().stream()
            .filter(p -> device.isEmpty() || p.device().equals(device.get()))
            .toList();
    JsonObject json = new JsonObject();
    json.addProperty("bootId", gateway.bootId());
    json.addProperty("now", clock.instant().toString());
    json.add("points", Views.array(points, Views::point));
    return Reply.ok(json);
  }

  private Reply point(ApiRequest request) throws Refusal {
    String device = request.parameter("device");
    String point = request.parameter("point");
    PointStatus status =
        gateway(services)
            .point(device, point)
            .orElseThrow(
                () ->
                    new Refusal(
                        404,
                        "no_point",
                        "There is no point '" + point + "' of a device '" + device + "'."));
    return Reply.ok(Views.point(status));
  }

  private Reply health(ApiRequest request) throws Refusal {
    List<DeviceStatus> devices = gateway(services).devices();
    List<ProblemBoard.Entry> problems =
        services.problems().map(ProblemBoard::problems).orElse(List.of());
    List<UplinkStatus> uplinks = services.uplinks().stream().map(Uplink::status).toList();
    JsonObject json = new JsonObject();
    json.addProperty(
        "status", Health.of(problems, devices, uplinks).name().toLowerCase(Locale.ROOT));
    json.addProperty("version", services.version());
    json.addProperty("startedAt", services.startedAt().toString());
    json.addProperty(
        "uptimeSeconds", Duration.between(services.startedAt(), clock.instant()).toSeconds());
    json.add("problems", Views.array(problems, Views::problem));
    json.add("devices", Views.array(devices, Views::device));
    json.add("uplinks", Views.array(uplinks, Views::uplink));
    return Reply.ok(json);
  }

  private Reply session(ApiRequest request) {
    Caller caller = request.caller();
    JsonObject json = new JsonObject();
    json.addProperty("name", caller.principal().name());
    json.addProperty("role", caller.principal().role().name());
    json.addProperty("kind", caller.session() == null ? "token" : "session");
    json.addProperty("idleSeconds", Sessions.IDLE.toSeconds());
    return Reply.ok(json);
  }
}
