package io.snaprail.localiot.internal.jobs;

import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A job with all its executions. Immutable.
 *
 * @param order what it was made of
 * @param status how far it is
 * @param createdAt in seconds since 1970
 * @param number orders jobs that were made in the same second
 * @param executions by thing
 */
public record Job(
    JobOrder order,
    Status status,
    long createdAt,
    long number,
    Map<String, JobExecution> executions) {

  /** Copies the map. */
  public Job {
    executions = Collections.unmodifiableMap(new LinkedHashMap<>(executions));
  }

  /** State of a job (developer guide, "Jobs and job execution states"). */
  public enum Status {
    /** Not every execution has ended, or it is continuous. */
    IN_PROGRESS,
    /** Every execution has ended. */
    COMPLETED,
    /** Somebody has called it off. */
    CANCELED
  }

  String id() {
    return order.id();
  }

  /** With executions made or replaced; complete when all of them have ended. */
  Job with(Collection<JobExecution> changed) {
    Map<String, JobExecution> all = new LinkedHashMap<>(executions);
    changed.forEach(one -> all.put(one.thing(), one));
    boolean done =
        status == Status.IN_PROGRESS
            && !order.targets().continuous()
            && all.values().stream().allMatch(one -> one.status().terminal());
    return new Job(order, done ? Status.COMPLETED : status, createdAt, number, all);
  }

  /** In another state. */
  Job withStatus(Status changed) {
    return new Job(order, changed, createdAt, number, executions);
  }

  /** Without the execution of a thing. */
  Job without(String thing) {
    Map<String, JobExecution> rest = new LinkedHashMap<>(executions);
    rest.remove(thing);
    return new Job(order, status, createdAt, number, rest);
  }
}
