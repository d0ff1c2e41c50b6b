package io.snaprail.console.internal.api;

import com.google.gson.JsonArray;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import io.snaprail.api.health.ProblemBoard;
import io.snaprail.api.security.Role;
import io.snaprail.api.uplink.Uplink;
import io.snaprail.api.uplink.UplinkStatus;
import io.snaprail.console.internal.access.Refusal;
import io.snaprail.console.internal.forms.ConfigForm;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;

/** Routes that show uplinks: those that run, and those whose settings keep them from running. */
public final class UplinkRoutes {
  private final Services services;
  private final Clock clock;

  /** With the services to show. */
  public UplinkRoutes(Services services, Clock clock) {
    this.services = services;
    this.clock = clock;
  }

  /** Adds the routes. */
  public void addTo(Router router) {
    router
        .add("GET", "/api/v1/uplinks", Role.VIEWER, this::uplinks)
        .add("GET", "/api/v1/uplink-kinds", Role.VIEWER, this::kinds);
  }

  /**
   * An uplink that somebody has configured.
   *
   * @param name behind {@code ~} in its PID
   * @param kind what its form is called
   */
  private record Configured(String pid, String name, String kind) {}

  private Reply kinds(ApiRequest request) {
    JsonObject json = new JsonObject();
    json.add("kinds", Views.array(services.uplinkKinds(), FieldViews::uplinkKind));
    return Reply.ok(json);
  }

  private Reply uplinks(ApiRequest request) throws Refusal, IOException {
    Map<String, UplinkStatus> running = new TreeMap<>();
    for (Uplink uplink : services.uplinks()) {
      UplinkStatus status = uplink.status();
      running.put(status.name(), status);
    }
    JsonArray all = new JsonArray();
    for (Configured one : configured()) {
      all.add(view(one, running.remove(one.name())));
    }
    // Whatever is not ours to configure, such as an OEM's that has no form.
    for (UplinkStatus status : running.values()) {
      all.add(view(new Configured("", status.name(), ""), status));
    }
    JsonObject json = new JsonObject();
    json.addProperty("now", clock.instant().toString());
    json.add("uplinks", all);
    return Reply.ok(json);
  }

  private List<Configured> configured() throws IOException {
    List<Configured> found = new ArrayList<>();
    if (services.configurations().isPresent()) {
      for (ConfigForm form : services.uplinkKinds()) {
        for (String pid : pids(services.configurations().get(), form.pid())) {
          String name = pid.substring(pid.indexOf('~') + 1);
          found.add(new Configured(pid, name, form.name()));
        }
      }
    }
    found.sort(Comparator.comparing(Configured::name).thenComparing(Configured::pid));
    return found;
  }

  private static List<String> pids(ConfigurationAdmin admin, String factory) throws IOException {
    try {
      Configuration[] found =
          admin.listConfigurations(
              "(" + ConfigurationAdmin.SERVICE_FACTORYPID + "=" + factory + ")");
      List<String> pids = new ArrayList<>();
      for (Configuration one : found == null ? new Configuration[0] : found) {
        pids.add(one.getPid());
      }
      return pids;
    } catch (InvalidSyntaxException e) {
      throw new IOException("configurations of '" + factory + "' cannot be searched for", e);
    }
  }

  private JsonObject view(Configured one, @Nullable UplinkStatus status) {
    JsonObject json = new JsonObject();
    json.addProperty("pid", one.pid());
    json.addProperty("name", one.name());
    json.addProperty("kind", one.kind());
    json.add("status", status == null ? JsonNull.INSTANCE : Views.uplink(status));
    json.add("problems", Views.array(problems(one), Views::problem));
    return json;
  }

  private List<ProblemBoard.Entry> problems(Configured one) {
    List<ProblemBoard.Entry> all =
        services.problems().map(ProblemBoard::problems).orElse(List.of());
    // A connector's parts report for themselves: uplink:NAME:shadows.
    String own = "uplink:" + one.name();
    return all.stream()
        .filter(
            entry ->
                entry.source().equals(one.pid())
                    || entry.source().equals(own)
                    || entry.source().startsWith(own + ":"))
        .toList();
  }
}
