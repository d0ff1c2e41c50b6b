package io.snaprail.awsiot.internal.jobs;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.snaprail.awsiot.internal.json.JsonText;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A job that AWS has given to this gateway. AWS IoT Core developer guide, "Jobs device MQTT API".
 *
 * @param id of the job
 * @param document what is to be done
 * @param version of the execution, for updates
 * @param details what an earlier run has left: empty when it begins
 * @param resumed whether it was under way before
 */
record JobExecution(
    String id, JsonObject document, long version, Map<String, String> details, boolean resumed) {

  /**
   * Reads what {@code start-next} and {@code notify-next} give.
   *
   * @return null when there is nothing to do
   */
  static @Nullable JobExecution read(JsonObject answer) throws IOException {
    JsonObject execution = JsonText.child(answer, "execution");
    if (execution == null || execution.size() == 0) {
      return null;
    }
    String id =
        JsonText.text(execution, "jobId")
            .orElseThrow(() -> new IOException("expected 'jobId' in an execution, found none"));
    JsonObject document = JsonText.child(execution, "jobDocument");
    Map<String, String> details = details(JsonText.child(execution, "statusDetails"));
    return new JobExecution(
        id,
        document == null ? new JsonObject() : document,
        JsonText.whole(execution, "versionNumber").orElse(0L),
        details,
        // start-next sets its own mark when it starts one: without details it is new.
        details.containsKey(JobRun.STEP));
  }

  private static Map<String, String> details(@Nullable JsonObject found) {
    Map<String, String> details = new LinkedHashMap<>();
    if (found != null) {
      for (Map.Entry<String, JsonElement> one : found.entrySet()) {
        if (one.getValue().isJsonPrimitive()) {
          details.put(one.getKey(), one.getValue().getAsString());
        }
      }
    }
    return details;
  }
}
