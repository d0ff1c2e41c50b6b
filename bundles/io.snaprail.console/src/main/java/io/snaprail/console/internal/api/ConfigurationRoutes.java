package io.snaprail.console.internal.api;

import com.google.gson.JsonObject;
import io.snaprail.api.audit.AuditEvent;
import io.snaprail.api.audit.AuditUnavailableException;
import io.snaprail.api.model.PointDefinition;
import io.snaprail.api.security.Role;
import io.snaprail.console.internal.access.Refusal;
import io.snaprail.console.internal.access.RequestRules;
import io.snaprail.console.internal.forms.ConfigForm;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collections;
import java.util.Dictionary;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Constants;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;

/**
 * Routes for the configurations of devices, or of uplinks. They go through Configuration Admin, so
 * the storage writes them as files, refuses what is of a wrong type, and refuses to save over an
 * edit of the file. A change says which revision it is made from (RFC 9110, section 13.1), so that
 * of two people who edit one of them one is told.
 */
public final class ConfigurationRoutes {
  private final Services services;
  private final Kind kind;

  /** PIDs that are being changed: comparing and saving are one step. */
  private final Set<String> changing = ConcurrentHashMap.newKeySet();

  /**
   * What is configured.
   *
   * @param noun what people call one
   * @param maker what people call the bundle that makes them
   * @param path of the routes, with {@code {pid}}
   * @param forms of those that can be made
   */
  private record Kind(
      String noun, String maker, String path, Function<Services, List<ConfigForm>> forms) {
    String aNoun() {
      return (noun.startsWith("u") ? "an " : "a ") + noun;
    }
  }

  private ConfigurationRoutes(Services services, Kind kind) {
    this.services = services;
    this.kind = kind;
  }

  /** For devices. */
  public static ConfigurationRoutes devices(Services services) {
    return new ConfigurationRoutes(
        services,
        new Kind("device", "driver", "/api/v1/devices/{pid}/configuration", Services::drivers));
  }

  /** For uplinks. */
  public static ConfigurationRoutes uplinks(Services services) {
    return new ConfigurationRoutes(
        services,
        new Kind(
            "uplink", "connector", "/api/v1/uplinks/{pid}/configuration", Services::uplinkKinds));
  }

  /**
   * A PID in its two parts.
   *
   * @param factory PID of the bundle that makes it
   * @param name of the file behind {@code ~}
   */
  private record Pid(String factory, String name) {
    String whole() {
      return factory + "~" + name;
    }
  }

  /** Something that is done to a configuration while nobody else changes it. */
  @FunctionalInterface
  private interface Change {
    Reply make(ConfigurationAdmin admin, @Nullable Configuration present)
        throws Refusal, IOException;
  }

  /** Adds the routes. */
  public void addTo(Router router) {
    router
        .add("GET", kind.path(), Role.VIEWER, this::show)
        .add("PUT", kind.path(), Role.ADMIN, this::put)
        .add("DELETE", kind.path(), Role.ADMIN, this::delete);
  }

  private Pid pid(ApiRequest request) throws Refusal {
    String text = request.parameter("pid");
    int tilde = text.indexOf('~');
    Pid pid =
        tilde < 0
            ? new Pid(text, "")
            : new Pid(text.substring(0, tilde), text.substring(tilde + 1));
    if (ConfigForm.of(pid.factory(), kind.forms().apply(services)).isEmpty()) {
      throw new Refusal(
          404,
          "no_" + kind.maker(),
          "No installed %s makes %ss of '%s'.".formatted(kind.maker(), kind.noun(), pid.factory()));
    }
    if (!PointDefinition.isName(pid.name())) {
      throw new Refusal(
          422,
          "bad_name",
          "The name of "
              + kind.aNoun()
              + " has 1 to "
              + PointDefinition.MAX_NAME_LENGTH
              + " letters, digits, '_', '-' or '.'; found '"
              + pid.name()
              + "'.");
    }
    return pid;
  }

  private ConfigurationAdmin admin() throws Refusal {
    return services.configurations().orElseThrow(() -> RequestRules.starting("configurations are"));
  }

  private static @Nullable Configuration find(ConfigurationAdmin admin, Pid pid)
      throws IOException {
    String escaped = pid.whole().replaceAll("([\\\\*()])", "\\\\$1");
    try {
      Configuration[] found =
          admin.listConfigurations("(" + Constants.SERVICE_PID + "=" + escaped + ")");
      return found == null ? null : found[0];
    } catch (InvalidSyntaxException e) {
      throw new IOException("the PID '" + pid.whole() + "' cannot be searched for", e);
    }
  }

  private Reply show(ApiRequest request) throws Refusal, IOException {
    Pid pid = pid(request);
    Configuration present = find(admin(), pid);
    if (present == null) {
      throw absent(pid);
    }
    return reply(200, pid, settings(present));
  }

  private static Refusal absent(Pid pid) {
    return new Refusal(404, "no_configuration", "There is no configuration '" + pid.whole() + "'.");
  }

  static Map<String, Object> settings(Configuration configuration) {
    Map<String, Object> settings = new TreeMap<>();
    Dictionary<String, Object> found = configuration.getProperties();
    if (found != null) {
      Collections.list(found.keys()).stream()
          .filter(key -> !isOfTheFramework(key))
          .forEach(key -> settings.put(key, found.get(key)));
    }
    return settings;
  }

  private static boolean isOfTheFramework(String key) {
    return key.equalsIgnoreCase(Constants.SERVICE_PID)
        || key.equalsIgnoreCase(ConfigurationAdmin.SERVICE_FACTORYPID)
        || key.equalsIgnoreCase(ConfigurationAdmin.SERVICE_BUNDLELOCATION);
  }

  private Reply reply(int status, Pid pid, Map<String, Object> settings) {
    JsonObject values = json(settings);
    JsonObject json = new JsonObject();
    json.addProperty("pid", pid.whole());
    json.addProperty(kind.maker(), pid.factory());
    json.addProperty("name", pid.name());
    json.addProperty("revision", revision(values));
    json.add("settings", values);
    return new Reply.Json(status, json, Map.of("ETag", "\"" + revision(values) + "\""));
  }

  private static JsonObject json(Map<String, Object> settings) {
    JsonObject json = new JsonObject();
    settings.forEach((key, value) -> json.add(key, SettingsJson.write(value)));
    return json;
  }

  /** The same for the same settings, over restarts too. */
  private static String revision(JsonObject settings) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(Replies.json(settings).getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest.digest(), 0, 8);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  private Reply put(ApiRequest request) throws Refusal, IOException {
    Pid pid = pid(request);
    Map<String, Object> settings = SettingsJson.read(request.body(ApiRequest.MAX_SETTINGS_BYTES));
    for (String key : settings.keySet()) {
      if (key.isBlank() || isOfTheFramework(key)) {
        throw new Refusal(
            422, "bad_setting", "'" + key + "' is no setting of " + kind.aNoun() + ".");
      }
    }
    return alone(
        pid,
        (admin, present) -> {
          checkRevision(request, pid, present);
          audit(request, pid, String.join(",", new TreeSet<>(settings.keySet())));
          return save(admin, present, pid, settings);
        });
  }

  private Reply save(
      ConfigurationAdmin admin,
      @Nullable Configuration present,
      Pid pid,
      Map<String, Object> settings)
      throws Refusal, IOException {
    Map<String, Object> values = new TreeMap<>();
    settings.forEach((key, value) -> values.put(key, SettingsJson.forConfiguration(value)));
    Configuration configuration =
        present != null ? present : admin.getFactoryConfiguration(pid.factory(), pid.name(), "?");
    try {
      configuration.update(FrameworkUtil.asDictionary(values));
    } catch (IOException e) {
      // A wrong type or range, or the file was edited meanwhile: the storage says which.
      throw new Refusal(422, "not_saved", String.valueOf(e.getMessage()));
    } catch (IllegalArgumentException e) {
      throw new Refusal(422, "bad_setting", String.valueOf(e.getMessage()));
    } catch (IllegalStateException e) {
      throw conflict("This " + kind.noun() + " was removed meanwhile");
    }
    return reply(present == null ? 201 : 200, pid, settings(configuration));
  }

  private Reply delete(ApiRequest request) throws Refusal, IOException {
    Pid pid = pid(request);
    return alone(
        pid,
        (admin, present) -> {
          if (present == null) {
            throw absent(pid);
          }
          if (request.header("If-Match").isPresent()) {
            checkRevision(request, pid, present);
          }
          audit(request, pid, "removed");
          present.delete();
          return new Reply.Empty();
        });
  }

  private Reply alone(Pid pid, Change change) throws Refusal, IOException {
    ConfigurationAdmin admin = admin();
    if (!changing.add(pid.whole())) {
      throw conflict("Somebody else is saving this " + kind.noun() + " right now");
    }
    try {
      return change.make(admin, find(admin, pid));
    } finally {
      changing.remove(pid.whole());
    }
  }

  private void checkRevision(ApiRequest request, Pid pid, @Nullable Configuration present)
      throws Refusal {
    String match = request.header("If-Match").orElse("");
    if (match.isEmpty()) {
      boolean create = request.header("If-None-Match").filter("*"::equals).isPresent();
      if (!create) {
        throw new Refusal(
            428,
            "no_revision",
            "Say what this replaces: If-Match with the revision that you have read, or"
                + " If-None-Match: * for a new "
                + kind.noun()
                + ".");
      }
      if (present != null) {
        throw new Refusal(
            412,
            "exists",
            "There is %s '%s' of this %s already."
                .formatted(kind.aNoun(), pid.name(), kind.maker()));
      }
      return;
    }
    if (present == null) {
      throw absent(pid);
    }
    String revision = revision(json(settings(present)));
    if (!match.equals("*") && !match.replace("\"", "").equals(revision)) {
      throw conflict("Somebody else has changed this " + kind.noun() + " meanwhile");
    }
  }

  private static Refusal conflict(String what) {
    return new Refusal(
        412, "changed", what + "; nothing was saved. Look at the new values and try again.");
  }

  /** Keys only: values may tell more than the log should hold. */
  private void audit(ApiRequest request, Pid pid, String changed) throws Refusal {
    AuditEvent event =
        new AuditEvent(
            AuditEvent.Action.CONFIGURATION,
            request.caller().actor(),
            request.http().getRemoteAddr(),
            pid.whole(),
            "attempt",
            Map.of("changed", changed));
    try {
      services.audit().orElseThrow(() -> RequestRules.starting("the audit log is")).record(event);
    } catch (AuditUnavailableException e) {
      throw TokenRoutes.unaudited(e);
    }
  }
}
