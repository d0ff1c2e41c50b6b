package io.snaprail.console.internal.api;

import com.google.gson.JsonObject;
import io.snaprail.api.runtime.RegisterMaps;
import io.snaprail.api.security.Role;
import io.snaprail.console.internal.access.Refusal;
import io.snaprail.console.internal.access.RequestRules;
import java.io.IOException;
import java.util.Map;

/** Routes for register maps. */
public final class MapRoutes {
  private static final String CSV = "text/csv;charset=utf-8";

  private final Services services;

  /** With the maps to serve. */
  public MapRoutes(Services services) {
    this.services = services;
  }

  /** Adds the routes. */
  public void addTo(Router router) {
    router
        .add("GET", "/api/v1/maps", Role.VIEWER, this::list)
        .add("POST", "/api/v1/maps/check", Role.OPERATOR, this::check)
        .add("GET", "/api/v1/maps/{name}", Role.VIEWER, this::read)
        .add("PUT", "/api/v1/maps/{name}", Role.ADMIN, this::save)
        .add("DELETE", "/api/v1/maps/{name}", Role.ADMIN, this::delete)
        .add("GET", "/api/v1/devices/{device}/map.csv", Role.VIEWER, this::export);
  }

  private RegisterMaps maps() throws Refusal {
    return services.maps().orElseThrow(() -> RequestRules.starting("the register maps are"));
  }

  private Reply list(ApiRequest request) throws Refusal {
    JsonObject json = new JsonObject();
    json.add("maps", Views.array(maps().list(), FieldViews::map));
    return Reply.ok(json);
  }

  private Reply check(ApiRequest request) throws Refusal, IOException {
    RegisterMaps maps = maps();
    return Reply.ok(FieldViews.check(maps.check(text(maps, request))));
  }

  /** The body in the encodings that files of spreadsheets have. */
  private static String text(RegisterMaps maps, ApiRequest request) throws Refusal, IOException {
    byte[] file = request.bytes(RegisterMaps.MAX_BYTES);
    try {
      return maps.decode(file);
    } catch (IOException e) {
      throw new Refusal(400, "bad_text", String.valueOf(e.getMessage()));
    }
  }

  private Reply read(ApiRequest request) throws Refusal {
    String name = request.parameter("name");
    try {
      return csv(maps().read(name), name);
    } catch (IOException e) {
      throw new Refusal(404, "no_map", String.valueOf(e.getMessage()));
    }
  }

  private Reply export(ApiRequest request) throws Refusal {
    String device = request.parameter("device");
    try {
      return csv(maps().export(device), device + ".csv");
    } catch (IOException e) {
      throw new Refusal(404, "no_device", String.valueOf(e.getMessage()));
    }
  }

  private static Reply csv(String text, String name) {
    String file = name.replaceAll("[^A-Za-z0-9._-]", "_");
    return new Reply.Text(
        CSV, text, Map.of("Content-Disposition", "attachment; filename=\"" + file + "\""));
  }

  private Reply save(ApiRequest request) throws Refusal, IOException {
    String name = request.parameter("name");
    RegisterMaps maps = maps();
    String text = text(maps, request);
    boolean onlyNew = request.header("If-None-Match").filter("*"::equals).isPresent();
    if (onlyNew && maps.list().stream().anyMatch(map -> !map.ready() && map.name().equals(name))) {
      throw new Refusal(412, "exists", "There is a register map '" + name + "' already.");
    }
    try {
      return Reply.ok(FieldViews.check(maps.save(name, text, request.caller().actor())));
    } catch (IllegalArgumentException e) {
      throw new Refusal(422, "bad_map", String.valueOf(e.getMessage()));
    } catch (IOException e) {
      throw new Refusal(503, "not_saved", String.valueOf(e.getMessage()));
    }
  }

  private Reply delete(ApiRequest request) throws Refusal {
    try {
      maps().delete(request.parameter("name"), request.caller().actor());
      return new Reply.Empty();
    } catch (IllegalStateException e) {
      throw new Refusal(409, "in_use", String.valueOf(e.getMessage()));
    } catch (IOException e) {
      throw new Refusal(404, "no_map", String.valueOf(e.getMessage()));
    }
  }
}
