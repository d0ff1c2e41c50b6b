package io.snaprail.awsiot.internal.jobs;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import io.snaprail.api.health.Problem;
import io.snaprail.api.health.ProblemBoard;
import io.snaprail.awsiot.internal.json.JsonText;
import java.io.IOException;
import java.lang.reflect.Array;
import java.time.Duration;
import java.util.Dictionary;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.FrameworkUtil;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;

/**
 * Replaces configurations: {@code {"operation":"apply-configuration","configurations":{PID:{…}}}},
 * {@code null} in place of settings to remove one. All or none: when one is refused, or makes an
 * error on the problem board within {@link #WATCH}, those before are put back and the job fails.
 * The uplink that carries the job cannot be changed by it.
 */
public final class ApplyConfiguration implements JobOperation {
  /** Its name in a job's document. */
  public static final String NAME = "apply-configuration";

  static final Duration WATCH = Duration.ofSeconds(5);
  private static final Duration LOOK = Duration.ofMillis(200);

  private final Supplier<@Nullable ConfigurationAdmin> configurations;
  private final ProblemBoard board;
  private final String own;
  private final CountDownLatch never = new CountDownLatch(1);

  /**
   * Changes configurations.
   *
   * @param own PID of the uplink that carries the jobs
   */
  public ApplyConfiguration(
      Supplier<@Nullable ConfigurationAdmin> configurations, ProblemBoard board, String own) {
    this.configurations = configurations;
    this.board = board;
    this.own = own;
  }

  @Override
  public Map<String, String> run(JobRun run)
      throws JobFailedException, IOException, InterruptedException {
    Map<String, Optional<Dictionary<String, Object>>> wanted = read(run.document());
    ConfigurationAdmin admin = configurations.get();
    if (admin == null) {
      throw new JobFailedException("the configurations are not there");
    }
    if (run.before().isEmpty()) {
      run.step("applying", Map.of());
    }
    Map<String, Optional<Dictionary<String, Object>>> before = new LinkedHashMap<>();
    Set<String> errors = Set.copyOf(errors(wanted.keySet()));
    try {
      for (Map.Entry<String, Optional<Dictionary<String, Object>>> one : wanted.entrySet()) {
        before.put(one.getKey(), present(admin, one.getKey()));
        apply(admin, one.getKey(), one.getValue());
      }
      watch(wanted.keySet(), errors);
    } catch (IOException | IllegalArgumentException | IllegalStateException e) {
      throw new JobFailedException(e.getMessage() + putBack(admin, before));
    } catch (JobFailedException e) {
      throw new JobFailedException(e.getMessage() + putBack(admin, before));
    }
    return Map.of("applied", String.join(", ", wanted.keySet()));
  }

  private Map<String, Optional<Dictionary<String, Object>>> read(JsonObject document)
      throws JobFailedException {
    JsonObject all = JsonText.child(document, "configurations");
    if (all == null || all.size() == 0) {
      throw new JobFailedException("expected 'configurations', an object with settings by PIDs");
    }
    Map<String, Optional<Dictionary<String, Object>>> wanted = new LinkedHashMap<>();
    for (Map.Entry<String, JsonElement> one : all.entrySet()) {
      String pid = one.getKey();
      if (pid.equals(own) || !pid.matches("[a-zA-Z0-9._-]+(~[a-zA-Z0-9._-]+)?")) {
        throw new JobFailedException(
            "'" + pid + "': expected a PID, and not that of the uplink that carries the job");
      }
      wanted.put(
          pid,
          one.getValue().isJsonNull()
              ? Optional.empty()
              : Optional.of(settings(pid, one.getValue())));
    }
    return wanted;
  }

  private static Dictionary<String, Object> settings(String pid, JsonElement json)
      throws JobFailedException {
    if (!json.isJsonObject()) {
      throw new JobFailedException(pid + ": expected an object with its settings, or null");
    }
    Map<String, Object> settings = new LinkedHashMap<>();
    for (Map.Entry<String, JsonElement> one : json.getAsJsonObject().entrySet()) {
      String key = pid + ": " + one.getKey();
      settings.put(
          one.getKey(),
          one.getValue() instanceof JsonArray array
              ? list(key, array)
              : scalar(key, one.getValue()));
    }
    return FrameworkUtil.asDictionary(settings);
  }

  // Configuration Admin takes arrays of one type.
  private static Object list(String key, JsonArray items) throws JobFailedException {
    Class<?> type = items.isEmpty() ? String.class : scalar(key, items.get(0)).getClass();
    Object array = Array.newInstance(type, items.size());
    for (int i = 0; i < items.size(); i++) {
      Object value = scalar(key, items.get(i));
      if (value.getClass() != type) {
        throw new JobFailedException(key + ": expected a list of one kind");
      }
      Array.set(array, i, value);
    }
    return array;
  }

  private static Object scalar(String key, JsonElement json) throws JobFailedException {
    if (json instanceof JsonPrimitive primitive) {
      if (primitive.isBoolean()) {
        return primitive.getAsBoolean();
      }
      String text = primitive.getAsString();
      try {
        if (primitive.isString()) {
          return text;
        }
        return text.matches("-?\\d+") ? (Object) Long.valueOf(text) : (Object) Double.valueOf(text);
      } catch (NumberFormatException e) {
        throw new JobFailedException(key + ": expected a number of at most 64 bits, found " + text);
      }
    }
    throw new JobFailedException(
        key + ": expected a text, a number, true, false or a list of them");
  }

  private static Optional<Dictionary<String, Object>> present(ConfigurationAdmin admin, String pid)
      throws IOException {
    return find(admin, pid).map(Configuration::getProperties);
  }

  private static Optional<Configuration> find(ConfigurationAdmin admin, String pid)
      throws IOException {
    try {
      Configuration[] found = admin.listConfigurations("(service.pid=" + pid + ")");
      return found == null ? Optional.empty() : Optional.of(found[0]);
    } catch (InvalidSyntaxException e) {
      throw new IOException("'" + pid + "' is no PID", e);
    }
  }

  private static void apply(
      ConfigurationAdmin admin, String pid, Optional<Dictionary<String, Object>> settings)
      throws IOException {
    Optional<Configuration> found = find(admin, pid);
    if (settings.isEmpty()) {
      if (found.isPresent()) {
        found.get().delete();
      }
      return;
    }
    int tilde = pid.indexOf('~');
    Configuration target =
        found.isPresent()
            ? found.get()
            : tilde < 0
                ? admin.getConfiguration(pid, "?")
                : admin.getFactoryConfiguration(
                    pid.substring(0, tilde), pid.substring(tilde + 1), "?");
    target.update(settings.get());
  }

  private void watch(Set<String> changed, Set<String> known)
      throws JobFailedException, InterruptedException {
    long until = System.nanoTime() + WATCH.toNanos();
    while (System.nanoTime() - until < 0) {
      for (String error : errors(changed)) {
        if (!known.contains(error)) {
          throw new JobFailedException(error);
        }
      }
      never.await(LOOK.toMillis(), TimeUnit.MILLISECONDS);
    }
  }

  /** What is wrong with configurations, each reported under its PID. */
  private List<String> errors(Set<String> pids) {
    return board.problems().stream()
        .filter(
            entry ->
                pids.contains(entry.source())
                    && entry.problem().severity() == Problem.Severity.ERROR)
        .map(entry -> entry.problem().message())
        .toList();
  }

  private static String putBack(
      ConfigurationAdmin admin, Map<String, Optional<Dictionary<String, Object>>> before) {
    for (Map.Entry<String, Optional<Dictionary<String, Object>>> one : before.entrySet()) {
      try {
        apply(admin, one.getKey(), one.getValue());
      } catch (IOException | IllegalArgumentException | IllegalStateException e) {
        return "; and '" + one.getKey() + "' could not be put back: " + e.getMessage();
      }
    }
    return "; what was there before is in force";
  }
}
