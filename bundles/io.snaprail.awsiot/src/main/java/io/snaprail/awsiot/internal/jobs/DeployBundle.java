package io.snaprail.awsiot.internal.jobs;

import com.google.gson.JsonObject;
import io.snaprail.api.deploy.Deployment;
import io.snaprail.api.deploy.DeploymentOrder;
import io.snaprail.api.deploy.DeploymentOrder.Action;
import io.snaprail.api.deploy.DeploymentState;
import io.snaprail.awsiot.internal.json.JsonDigest;
import io.snaprail.awsiot.internal.json.JsonText;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Brings, replaces or takes away a bundle: {@code {"operation":"install-bundle","url":"https://…",
 * "sha256":"…"}}, {@code update-bundle} with the same, {@code remove-bundle} and {@code
 * rollback-bundle} with {@code "symbolicName":"…"}. {@code symbolicName} and {@code version} may be
 * given to all of them, and must then fit. What is not signed or not allowed here is rejected. The
 * order has the job's id: after a restart it goes on, and is done once.
 */
public final class DeployBundle implements JobOperation {
  /** Operations by their names in a job's document. */
  public static final Map<String, Action> NAMES =
      Map.of(
          "install-bundle", Action.INSTALL,
          "update-bundle", Action.UPDATE,
          "remove-bundle", Action.REMOVE,
          "rollback-bundle", Action.ROLL_BACK);

  private static final int DIGITS = 8;

  private static final Duration LOOK = Duration.ofMillis(250);

  /** Reports of the same step: AWS IoT Core allows 10 updates of executions a second. */
  private static final Duration REPORT = Duration.ofSeconds(5);

  private final Supplier<@Nullable Deployment> deployment;
  private final Action action;
  private final String uplink;
  private final CountDownLatch never = new CountDownLatch(1);

  /**
   * One of the operations.
   *
   * @param uplink name of the connector that carries the jobs
   */
  public DeployBundle(Supplier<@Nullable Deployment> deployment, Action action, String uplink) {
    this.deployment = deployment;
    this.action = action;
    this.uplink = uplink;
  }

  @Override
  public Map<String, String> run(JobRun run)
      throws JobFailedException, IOException, InterruptedException {
    DeploymentOrder order = order(run);
    Told told = new Told(run);
    while (true) {
      // It comes anew when its settings change, and orders that were not on trial are then lost.
      Deployment service = deployment.get();
      if (service == null) {
        throw new JobFailedException("the deployment is not there");
      }
      DeploymentState state = service.find(order.id()).orElse(null);
      if (state == null) {
        submit(service, order);
      } else if (state.ended()) {
        return end(state);
      } else {
        told.tell(state);
      }
      never.await(LOOK.toMillis(), TimeUnit.MILLISECONDS);
    }
  }

  private DeploymentOrder order(JobRun run) throws JobFailedException {
    String id = "job:" + uplink + ":" + run.id() + "#" + content(run.document());
    try {
      return new DeploymentOrder(
          id.length() > Deployment.MAX_ID ? id.substring(id.length() - Deployment.MAX_ID) : id,
          action,
          JsonText.text(run.document(), "symbolicName").orElse(""),
          JsonText.text(run.document(), "version").orElse(""),
          JsonText.text(run.document(), "url").orElse(""),
          JsonText.text(run.document(), "sha256").orElse(""),
          uplink,
          "job " + run.id());
    } catch (IllegalArgumentException e) {
      throw JobFailedException.rejected("the job's document: " + e.getMessage());
    }
  }

  /**
   * Tells orders from each other that come under one id: AWS gives the id of a deleted job again. A
   * download's address is no part of it where the content is named, as AWS signs a new one each
   * time that it is asked.
   */
  private String content(JsonObject document) {
    JsonObject order = new JsonObject();
    order.addProperty("action", action.name());
    for (String key : List.of("symbolicName", "version", "sha256")) {
      order.addProperty(key, JsonText.text(document, key).orElse(""));
    }
    if (order.get("sha256").getAsString().isEmpty()) {
      order.addProperty("url", JsonText.text(document, "url").orElse(""));
    }
    return JsonDigest.of(order).substring(0, DIGITS);
  }

  private static void submit(Deployment service, DeploymentOrder order) throws JobFailedException {
    try {
      service.submit(order);
    } catch (IllegalStateException e) {
      throw new JobFailedException(String.valueOf(e.getMessage()));
    }
  }

  private static Map<String, String> end(DeploymentState state) throws JobFailedException {
    return switch (state.phase()) {
      case DONE -> {
        Map<String, String> details = new LinkedHashMap<>();
        details.put(JobRun.STEP, "done");
        details.put("symbolicName", state.symbolicName());
        details.put("version", state.version());
        details.put("progress", state.message());
        yield details;
      }
      case REFUSED -> throw JobFailedException.rejected(state.message());
      default -> throw new JobFailedException(state.message());
    };
  }

  /** What AWS has been told. */
  private static final class Told {
    private final JobRun run;
    private String step = "";
    private String progress = "";
    private long at;

    Told(JobRun run) {
      this.run = run;
    }

    void tell(DeploymentState state) throws IOException, InterruptedException {
      String now = state.phase().name().toLowerCase(java.util.Locale.ROOT);
      boolean same = now.equals(step);
      boolean soon = System.nanoTime() - at < REPORT.toNanos();
      if (same && (soon || state.message().equals(progress))) {
        return;
      }
      step = now;
      progress = state.message();
      at = System.nanoTime();
      run.step(now, Map.of("progress", progress));
    }
  }
}
