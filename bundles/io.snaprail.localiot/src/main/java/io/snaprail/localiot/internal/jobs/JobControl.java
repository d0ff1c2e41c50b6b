package io.snaprail.localiot.internal.jobs;

import io.snaprail.localiot.internal.limits.Quotas;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;

/**
 * What people do with jobs: make, call off, delete (API reference, CreateJob, CancelJob,
 * CancelJobExecution, DeleteJob, DeleteJobExecution). Used by the services' thread only.
 */
final class JobControl {
  private final JobTable table;
  private final JobTargets targets;

  JobControl(JobTable table, JobTargets targets) {
    this.table = table;
    this.targets = targets;
  }

  Job create(JobOrder order) throws JobsException {
    order.check();
    if (table.taken(order.id())) {
      throw new JobsException(
          JobError.ALREADY_EXISTS,
          "there is already a job '" + order.id() + "'; choose another name, or delete it first");
    }
    if (table.size() >= Quotas.JOBS) {
      throw new JobsException(
          JobError.LIMIT_EXCEEDED,
          "there are " + Quotas.JOBS + " jobs, which is the most; delete some that are done");
    }
    Set<String> things = targetsOf(order, true);
    if (things.size() > Quotas.JOB_EXECUTIONS) {
      throw tooMany(things.size());
    }
    long now = table.now();
    Job job = new Job(order, Job.Status.IN_PROGRESS, now, table.nextNumber(), Map.of());
    job = job.with(things.stream().map(thing -> JobExecution.queued(thing, now)).toList());
    table.put(job, things);
    return job;
  }

  Job cancel(String id, boolean force) throws JobsException {
    Job job = table.get(id);
    if (job.status() != Job.Status.IN_PROGRESS) {
      throw transition("job '" + id + "' is " + job.status() + " already");
    }
    List<JobExecution> canceled =
        job.executions().values().stream()
            .filter(one -> cancelable(one, force))
            .map(one -> one.to(ExecutionStatus.CANCELED, table.now()))
            .toList();
    Job changed = job.withStatus(Job.Status.CANCELED).with(canceled);
    table.put(changed, changed.executions().keySet());
    return changed;
  }

  Job cancelExecution(String id, String thing, boolean force) throws JobsException {
    Job job = table.get(id);
    JobExecution execution = job.executions().get(thing);
    if (execution == null) {
      throw JobsException.noExecution(thing, id);
    }
    if (!cancelable(execution, force)) {
      throw transition(
          "the execution on '%s' is %s%s"
              .formatted(
                  thing,
                  execution.status(),
                  execution.status().terminal() ? "" : "; cancel it by force if you must"));
    }
    Job changed = job.with(List.of(execution.to(ExecutionStatus.CANCELED, table.now())));
    table.put(changed, List.of(thing));
    return changed;
  }

  void delete(String id, boolean force) throws JobsException {
    Job job = table.get(id);
    if (job.status() == Job.Status.IN_PROGRESS && !force) {
      throw transition("job '" + id + "' is IN_PROGRESS; cancel it first, or delete it by force");
    }
    table.remove(job);
  }

  void deleteExecution(String id, String thing, boolean force) throws JobsException {
    Job job = table.get(id);
    JobExecution execution = job.executions().get(thing);
    if (execution == null) {
      throw JobsException.noExecution(thing, id);
    }
    if (execution.status() == ExecutionStatus.IN_PROGRESS && !force) {
      throw transition("the execution on '" + thing + "' is IN_PROGRESS; delete it by force");
    }
    table.put(job.without(thing).with(List.of()), List.of(thing));
  }

  /** Ends what takes too long, and looks who has joined or left the groups of continuous jobs. */
  void sweep(Consumer<String> faults) {
    for (Job job : table.all()) {
      try {
        sweep(job);
      } catch (JobsException e) {
        faults.accept("job '" + job.id() + "': " + e.words());
      }
    }
  }

  private void sweep(Job job) throws JobsException {
    long now = table.now();
    Map<String, JobExecution> changed = new LinkedHashMap<>();
    for (JobExecution execution : job.executions().values()) {
      if (execution.overdue(now)) {
        changed.put(execution.thing(), execution.to(ExecutionStatus.TIMED_OUT, now));
      }
    }
    if (job.order().targets().continuous() && job.status() == Job.Status.IN_PROGRESS) {
      follow(job, now, changed);
    }
    if (!changed.isEmpty()) {
      table.put(job.with(changed.values()), changed.keySet());
    }
  }

  private void follow(Job job, long now, Map<String, JobExecution> changed) throws JobsException {
    Set<String> wanted = targetsOf(job.order(), false);
    for (String thing : wanted) {
      JobExecution known = job.executions().get(thing);
      boolean back = known != null && known.status() == ExecutionStatus.REMOVED;
      if ((known == null && job.executions().size() + changed.size() < Quotas.JOB_EXECUTIONS)
          || back) {
        changed.put(thing, JobExecution.queued(thing, now));
      }
    }
    for (JobExecution known : job.executions().values()) {
      if (!known.status().terminal() && !wanted.contains(known.thing())) {
        changed.put(known.thing(), known.to(ExecutionStatus.REMOVED, now));
      }
    }
  }

  private Set<String> targetsOf(JobOrder order, boolean all) throws JobsException {
    List<String> missing = new ArrayList<>();
    Set<String> things = new LinkedHashSet<>();
    for (String thing : order.targets().things()) {
      if (targets.hasThing(thing)) {
        things.add(thing);
      } else {
        missing.add("thing '" + thing + "'");
      }
    }
    for (String group : order.targets().groups()) {
      if (targets.hasGroup(group)) {
        things.addAll(targets.things(group));
      } else {
        missing.add("group '" + group + "'");
      }
    }
    if (all && !missing.isEmpty()) {
      throw new JobsException(
          JobError.RESOURCE_NOT_FOUND, "there is no " + String.join(", no ", missing));
    }
    return things;
  }

  private static boolean cancelable(JobExecution execution, boolean force) {
    ExecutionStatus status = Objects.requireNonNull(execution.status());
    return status == ExecutionStatus.QUEUED || (force && status == ExecutionStatus.IN_PROGRESS);
  }

  private static JobsException transition(String message) {
    return new JobsException(JobError.INVALID_STATE_TRANSITION, message);
  }

  private static JobsException tooMany(int found) {
    return new JobsException(
        JobError.LIMIT_EXCEEDED,
        "expected at most %d things, found %d; make several jobs"
            .formatted(Quotas.JOB_EXECUTIONS, found));
  }
}
