package io.snaprail.localiot.internal.jobs;

import com.google.gson.JsonObject;
import io.snaprail.localiot.internal.jobs.JobAnswers.Entry;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * What devices ask about jobs (developer guide, "Jobs device MQTT API"). Used by the services'
 * thread only.
 */
final class Jobs {
  private static final String NEXT = "$next";

  private final JobTable table;

  Jobs(JobTable table) {
    this.table = table;
  }

  /** {@code GetPendingJobExecutions}. */
  JsonObject pending(String thing) {
    return JobAnswers.pending(table.pending(thing));
  }

  /** {@code StartNextPendingJobExecution}. */
  JsonObject startNext(String thing, JobRequest request) throws JobsException {
    int minutes = request.stepTimeoutMinutes(false);
    Map<String, String> details = request.statusDetails();
    Entry next = next(thing);
    if (next == null || next.execution().status() == ExecutionStatus.IN_PROGRESS) {
      return JobAnswers.execution(next, true, table.now());
    }
    Entry started = store(next, moved(next, ExecutionStatus.IN_PROGRESS, details, minutes));
    return JobAnswers.execution(started, true, table.now());
  }

  /**
   * {@code DescribeJobExecution}.
   *
   * @param id a job, or {@code $next}
   */
  JsonObject describe(String thing, String id, JobRequest request) throws JobsException {
    OptionalLong number = request.number("executionNumber");
    boolean withDocument = request.flag("includeJobDocument", true);
    if (id.equals(NEXT)) {
      return JobAnswers.execution(next(thing), withDocument, table.now());
    }
    Entry entry = entry(thing, id, number);
    if (entry.execution().status().terminal()) {
      throw new JobsException(
          JobError.TERMINAL_STATE_REACHED,
          "the execution of job '" + id + "' has ended: " + entry.execution().status());
    }
    return JobAnswers.execution(entry, withDocument, table.now());
  }

  /** {@code UpdateJobExecution}. */
  JsonObject update(String thing, String id, JobRequest request) throws JobsException {
    OptionalLong number = request.number("executionNumber");
    OptionalLong expected = request.number("expectedVersion");
    ExecutionStatus wanted = request.status();
    Map<String, String> details = request.statusDetails();
    int minutes = request.stepTimeoutMinutes(true);
    Entry entry = entry(thing, id, number);
    check(entry, expected, wanted);
    Entry changed = store(entry, moved(entry, wanted, details, minutes));
    JsonObject answer = new JsonObject();
    if (request.flag("includeJobExecutionState", false)) {
      answer.add("executionState", JobAnswers.state(changed.execution()));
    }
    if (request.flag("includeJobDocument", false)) {
      answer.add("jobDocument", JobAnswers.document(changed.job()));
    }
    return answer;
  }

  private static void check(Entry entry, OptionalLong expected, ExecutionStatus wanted)
      throws JobsException {
    JobExecution execution = entry.execution();
    if (expected.isPresent() && expected.getAsLong() != execution.version()) {
      throw new JobsException(
          JobError.VERSION_MISMATCH,
          "expected version %d, found %d".formatted(expected.getAsLong(), execution.version()),
          JobAnswers.state(execution),
          null);
    }
    if (execution.status().terminal() || !wanted.byDevice()) {
      throw new JobsException(
          JobError.INVALID_STATE_TRANSITION,
          "a device cannot take it from %s to %s".formatted(execution.status(), wanted),
          JobAnswers.state(execution),
          null);
    }
  }

  private @Nullable Entry next(String thing) {
    List<Entry> pending = table.pending(thing);
    return pending.isEmpty() ? null : pending.get(0);
  }

  private Entry entry(String thing, String id, OptionalLong number) throws JobsException {
    Job job = table.find(id);
    JobExecution execution = job == null ? null : job.executions().get(thing);
    if (job == null
        || execution == null
        || number.orElse(JobAnswers.EXECUTION_NUMBER) != JobAnswers.EXECUTION_NUMBER) {
      throw JobsException.noExecution(thing, id);
    }
    return new Entry(job, execution);
  }

  private JobExecution moved(
      Entry entry, ExecutionStatus next, @Nullable Map<String, String> details, int stepMinutes) {
    long now = table.now();
    JobExecution execution = entry.execution();
    JobExecution moved = execution.to(next, now);
    if (details != null) {
      moved = moved.withDetails(details);
    }
    if (next != ExecutionStatus.IN_PROGRESS) {
      return moved;
    }
    int whole = entry.job().order().timeoutMinutes();
    if (whole > 0 && execution.status() == ExecutionStatus.QUEUED) {
      moved = moved.withEnd(now + whole * 60L);
    }
    if (stepMinutes != 0) {
      moved = moved.withStepEnd(stepMinutes < 0 ? null : now + stepMinutes * 60L);
    }
    return moved;
  }

  private Entry store(Entry entry, JobExecution changed) throws JobsException {
    Job job = entry.job().with(List.of(changed));
    table.put(job, Collections.singleton(changed.thing()));
    return new Entry(job, changed);
  }
}
