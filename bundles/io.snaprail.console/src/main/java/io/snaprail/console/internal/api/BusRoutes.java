package io.snaprail.console.internal.api;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.snaprail.api.driver.Inspection;
import io.snaprail.api.runtime.Gateway;
import io.snaprail.api.security.Role;
import io.snaprail.console.internal.access.Refusal;
import java.util.List;
import java.util.Optional;

/** Routes that show the field side: buses, and what drivers tell of their devices. */
public final class BusRoutes {
  private static final Inspection NOTHING = new Inspection(List.of(), List.of(), List.of());

  private final Services services;

  /** With the services to show. */
  public BusRoutes(Services services) {
    this.services = services;
  }

  /** Adds the routes. */
  public void addTo(Router router) {
    router
        .add("GET", "/api/v1/buses", Role.VIEWER, this::buses)
        .add("GET", "/api/v1/figures", Role.VIEWER, this::figures)
        .add("GET", "/api/v1/devices/{device}/inspection", Role.VIEWER, this::inspection);
  }

  private Reply buses(ApiRequest request) throws Refusal {
    JsonObject json = new JsonObject();
    json.add("buses", Views.array(GatewayRoutes.gateway(services).buses(), FieldViews::bus));
    return Reply.ok(json);
  }

  private Reply figures(ApiRequest request) throws Refusal {
    Gateway gateway = GatewayRoutes.gateway(services);
    Optional<String> bus = request.query("bus");
    JsonArray devices = new JsonArray();
    gateway.devices().stream()
        .filter(device -> bus.isEmpty() || device.bus().equals(bus.get()))
        .forEach(
            device -> {
              Inspection told = gateway.inspect(device.name()).orElse(NOTHING);
              JsonObject json = new JsonObject();
              json.addProperty("device", device.name());
              json.add("figures", Views.array(told.figures(), FieldViews::figure));
              devices.add(json);
            });
    JsonObject json = new JsonObject();
    json.add("devices", devices);
    return Reply.ok(json);
  }

  private Reply inspection(ApiRequest request) throws Refusal {
    Gateway gateway = GatewayRoutes.gateway(services);
    String name = request.parameter("device");
    if (gateway.devices().stream().noneMatch(device -> device.name().equals(name))) {
      throw noDevice(name);
    }
    return Reply.ok(FieldViews.inspection(gateway.inspect(name).orElse(NOTHING)));
  }

  /** There is no device of the name. */
  static Refusal noDevice(String name) {
    return new Refusal(404, "no_device", "There is no device '" + name + "'.");
  }
}
