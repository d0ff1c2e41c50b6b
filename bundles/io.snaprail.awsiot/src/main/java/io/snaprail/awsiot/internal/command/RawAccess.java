package io.snaprail.awsiot.internal.command;

import com.google.gson.JsonObject;
import io.snaprail.api.runtime.Commissioning;
import io.snaprail.api.runtime.Commissioning.Run;
import io.snaprail.api.runtime.DeviceStatus;
import io.snaprail.api.runtime.Gateway;
import io.snaprail.api.security.Principal;
import io.snaprail.api.security.Role;
import java.io.IOException;
import java.time.Duration;
import java.util.Collections;
import java.util.Dictionary;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;

/**
 * Sends raw Modbus requests through the driver's own tool for that, which waits for its turn on the
 * bus and has each use in the audit log, with its bytes.
 */
public final class RawAccess {
  private static final String TOOL = "request";
  private static final long LOOK_MS = 20;
  private static final long LONGEST_MS = 60_000;
  private static final long LEAST_MS = 10;

  private final String uplink;
  private final Parts parts;

  /**
   * What it works with; services may come and go.
   *
   * @param lane looks whether answers are there
   */
  public record Parts(
      Supplier<@Nullable Gateway> gateway,
      Supplier<@Nullable Commissioning> commissioning,
      Supplier<@Nullable ConfigurationAdmin> configurations,
      ScheduledExecutorService lane) {}

  /**
   * Of an uplink.
   *
   * @param uplink its name, for the audit log
   */
  public RawAccess(String uplink, Parts parts) {
    this.uplink = uplink;
    this.parts = parts;
  }

  /**
   * Carries a request out; what was written is read back.
   *
   * @param left how long the answer is of use
   * @return the payload; fails with an {@link OperationException}
   */
  CompletionStage<JsonObject> carryOut(String device, RawRequest request, Duration left) {
    long end = System.nanoTime() + left.toNanos();
    CompletionStage<byte[]> first = send(device, request, end);
    if (request.values().isEmpty()) {
      return first.thenApply(answer -> payload(device, request.read(answer)));
    }
    RawRequest again = request.readBack();
    return first
        .thenCompose(
            answer -> {
              request.check(answer);
              return send(device, again, end);
            })
        .thenApply(answer -> payload(device, again.read(answer)));
  }

  private static JsonObject payload(String device, JsonObject values) {
    values.addProperty("device", device);
    return values;
  }

  private CompletionStage<byte[]> send(String device, RawRequest request, long end) {
    DeviceStatus status = find(device);
    int tilde = status.pid().indexOf('~');
    String factory = tilde < 0 ? status.pid() : status.pid().substring(0, tilde);
    long timeout =
        Math.max(
            LEAST_MS, Math.min(LONGEST_MS, TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime())));
    Map<String, String> parameters =
        Map.of(
            "function",
            Integer.toString(request.function()),
            "data",
            request.data(),
            "timeout",
            Long.toString(timeout));
    Commissioning service = Operations.present(parts.commissioning());
    try {
      Run run =
          service.run(
              factory, TOOL, settings(status.pid()), parameters, new Principal(uplink, Role.ADMIN));
      return await(service, run.id(), end);
    } catch (IllegalArgumentException e) {
      throw new OperationException(
          "FAILED", "'" + device + "' takes no raw requests: " + e.getMessage());
    } catch (IllegalStateException e) {
      throw new OperationException("BUSY", String.valueOf(e.getMessage()));
    }
  }

  private DeviceStatus find(String device) {
    return Operations.present(parts.gateway()).devices().stream()
        .filter(one -> one.name().equals(device) && !one.pid().isEmpty())
        .findFirst()
        .orElseThrow(
            () -> new OperationException("NOT_FOUND", "there is no device '" + device + "'"));
  }

  private Map<String, Object> settings(String pid) {
    try {
      Configuration[] found =
          Operations.present(parts.configurations())
              .listConfigurations("(service.pid=" + pid + ")");
      if (found == null) {
        throw new OperationException("NOT_FOUND", "'" + pid + "' has no configuration");
      }
      Dictionary<String, Object> properties = found[0].getProperties();
      Map<String, Object> settings = new HashMap<>();
      for (String key : Collections.list(properties.keys())) {
        Object value = properties.get(key);
        settings.put(key, value instanceof Object[] array ? List.of(array) : value);
      }
      settings.keySet().removeIf(key -> key.startsWith("service.") || key.startsWith("felix."));
      return settings;
    } catch (IOException | InvalidSyntaxException e) {
      throw new OperationException("FAILED", String.valueOf(e.getMessage()));
    }
  }

  private CompletionStage<byte[]> await(Commissioning service, String id, long end) {
    CompletableFuture<byte[]> answer = new CompletableFuture<>();
    look(service, id, end, answer);
    return answer;
  }

  // Where a task begins: whatever goes wrong is an answer.
  private void look(Commissioning service, String id, long end, CompletableFuture<byte[]> answer) {
    try {
      Run run = service.find(id).orElse(null);
      if (run != null && run.state() == Run.State.RUNNING && System.nanoTime() - end < 0) {
        parts.lane().schedule(() -> look(service, id, end, answer), LOOK_MS, TimeUnit.MILLISECONDS);
        return;
      }
      service.cancel(id);
      answer.complete(answer(run));
    } catch (RejectedExecutionException e) {
      answer.completeExceptionally(new OperationException("UNKNOWN", "the gateway is stopping"));
    } catch (RuntimeException e) {
      answer.completeExceptionally(e);
    }
  }

  private static byte[] answer(@Nullable Run run) {
    if (run != null) {
      for (List<String> row : run.rows()) {
        if (row.get(0).equals("answer")) {
          return HexFormat.of().parseHex(row.get(1).replace(" ", ""));
        }
      }
    }
    if (run == null || run.state() != Run.State.FAILED) {
      throw new OperationException("UNKNOWN", "no answer in time; it may or may not be done");
    }
    throw new OperationException("FAILED", run.message());
  }
}
