package io.snaprail.localiot.internal.jobs;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.snaprail.localiot.internal.json.JsonException;
import io.snaprail.localiot.internal.json.StrictJson;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The documents of the jobs service (developer guide, "Jobs device MQTT and HTTPS APIs and data
 * types", "Jobs notifications").
 */
final class JobAnswers {
  /** The only execution of a job on a thing: there are no retries. */
  static final long EXECUTION_NUMBER = 1;

  /** Most executions in a notification. */
  private static final int LISTED = 10;

  private JobAnswers() {}

  /** An execution and the job that it is of. */
  record Entry(Job job, JobExecution execution) {}

  /** What is to be done by a thing, in two lists. */
  static JsonObject pending(List<Entry> pending) {
    JsonObject answer = new JsonObject();
    answer.add("inProgressJobs", summaries(pending, ExecutionStatus.IN_PROGRESS));
    answer.add("queuedJobs", summaries(pending, ExecutionStatus.QUEUED));
    return answer;
  }

  /** One execution; without {@code execution} when there is none. */
  static JsonObject execution(@Nullable Entry entry, boolean withDocument, long now) {
    JsonObject answer = new JsonObject();
    if (entry != null) {
      JsonObject execution = data(entry, withDocument);
      execution.addProperty("thingName", entry.execution().thing());
      Long end = entry.execution().nextEnd();
      if (end != null) {
        execution.addProperty("approximateSecondsBeforeTimedOut", Math.max(0, end - now));
      }
      answer.add("execution", execution);
    }
    return answer;
  }

  /** {@code notify}: the list has become another one. */
  static JsonObject notification(List<Entry> pending, long now) {
    JsonObject jobs = new JsonObject();
    List<Entry> first = pending.stream().limit(LISTED).toList();
    for (ExecutionStatus status : List.of(ExecutionStatus.IN_PROGRESS, ExecutionStatus.QUEUED)) {
      JsonArray summaries = summaries(first, status);
      if (!summaries.isEmpty()) {
        jobs.add(status.name(), summaries);
      }
    }
    JsonObject answer = new JsonObject();
    answer.addProperty("timestamp", now);
    answer.add("jobs", jobs);
    return answer;
  }

  /** {@code notify-next}: another one is the next. */
  static JsonObject nextNotification(@Nullable Entry next, long now) {
    JsonObject answer = new JsonObject();
    answer.addProperty("timestamp", now);
    if (next != null) {
      answer.add("execution", data(next, true));
    }
    return answer;
  }

  /** {@code executionState}. */
  static JsonObject state(JobExecution execution) {
    JsonObject state = new JsonObject();
    state.addProperty("status", execution.status().name());
    state.add("statusDetails", details(execution));
    state.addProperty("versionNumber", execution.version());
    return state;
  }

  /** What things get. */
  static JsonObject document(Job job) {
    try {
      return StrictJson.parseObject(job.order().document());
    } catch (JsonException e) {
      throw new IllegalStateException("job '" + job.id() + "' was checked when it was made", e);
    }
  }

  static JsonObject rejected(JobsException reason) {
    JsonObject answer = new JsonObject();
    answer.addProperty("code", reason.error().topicCode());
    answer.addProperty("message", reason.words());
    JsonObject state = reason.executionState();
    if (state != null) {
      answer.add("executionState", state);
    }
    return answer;
  }

  private static JsonObject data(Entry entry, boolean withDocument) {
    JobExecution execution = entry.execution();
    JsonObject data = new JsonObject();
    data.addProperty("jobId", entry.job().id());
    data.addProperty("status", execution.status().name());
    if (!execution.details().isEmpty()) {
      data.add("statusDetails", details(execution));
    }
    times(data, execution);
    if (withDocument) {
      data.add("jobDocument", document(entry.job()));
    }
    return data;
  }

  private static JsonArray summaries(List<Entry> entries, ExecutionStatus status) {
    JsonArray summaries = new JsonArray();
    for (Entry entry : entries) {
      if (entry.execution().status() == status) {
        JsonObject summary = new JsonObject();
        summary.addProperty("jobId", entry.job().id());
        times(summary, entry.execution());
        summaries.add(summary);
      }
    }
    return summaries;
  }

  private static void times(JsonObject out, JobExecution execution) {
    out.addProperty("queuedAt", execution.times().queuedAt());
    Long started = execution.times().startedAt();
    if (started != null) {
      out.addProperty("startedAt", started);
    }
    out.addProperty("lastUpdatedAt", execution.times().lastUpdatedAt());
    out.addProperty("versionNumber", execution.version());
    out.addProperty("executionNumber", EXECUTION_NUMBER);
  }

  private static JsonObject details(JobExecution execution) {
    JsonObject details = new JsonObject();
    execution.details().forEach(details::addProperty);
    return details;
  }
}
