package io.snaprail.awsiot.internal.jobs;

import io.snaprail.api.deploy.SupportBundles;
import io.snaprail.api.deploy.SupportBundles.SupportFile;
import io.snaprail.awsiot.internal.json.JsonText;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Collects a support bundle: {@code {"operation":"support-bundle","uploadUrl":"https://…"}}.
 * Without the address, such as a presigned one of S3, it stays on the gateway. The details name
 * file, size and digest.
 */
public final class SupportBundle implements JobOperation {
  /** Its name in a job's document. */
  public static final String NAME = "support-bundle";

  private static final Duration LONGEST = Duration.ofMinutes(30);

  private final Supplier<@Nullable SupportBundles> bundles;

  /** Collects. */
  public SupportBundle(Supplier<@Nullable SupportBundles> bundles) {
    this.bundles = bundles;
  }

  @Override
  public Map<String, String> run(JobRun run)
      throws JobFailedException, IOException, InterruptedException {
    SupportBundles service = bundles.get();
    if (service == null) {
      throw new JobFailedException("the collection of support bundles is not there");
    }
    if (run.before().isEmpty()) {
      run.step("collecting", Map.of());
    }
    try {
      SupportFile file =
          service
              .collect(run.id(), JsonText.text(run.document(), "uploadUrl").orElse(""))
              .toCompletableFuture()
              .get(LONGEST.toMillis(), TimeUnit.MILLISECONDS);
      Map<String, String> details = new LinkedHashMap<>();
      details.put(JobRun.STEP, "done");
      details.put("file", file.file());
      details.put("bytes", Long.toString(file.bytes()));
      details.put("sha256", file.sha256());
      details.put("uploaded", Boolean.toString(file.uploaded()));
      return details;
    } catch (IllegalArgumentException e) {
      throw JobFailedException.rejected(String.valueOf(e.getMessage()));
    } catch (IllegalStateException e) {
      throw new JobFailedException(String.valueOf(e.getMessage()));
    } catch (ExecutionException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw new JobFailedException("the support bundle: " + cause.getMessage());
    } catch (TimeoutException e) {
      throw new JobFailedException(
          "the support bundle was not ready within " + LONGEST.toMinutes() + " min");
    }
  }
}
