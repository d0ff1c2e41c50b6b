package io.snaprail.localiot.internal.jobs;

import com.google.gson.JsonObject;
import io.snaprail.localiot.internal.service.ServiceException;
import org.jspecify.annotations.Nullable;

/** A request about jobs is rejected. */
public final class JobsException extends ServiceException {
  private static final long serialVersionUID = 1L;

  private final JobError error;
  private final transient @Nullable JsonObject executionState;

  JobsException(JobError error, String message) {
    this(error, message, null, null);
  }

  JobsException(JobError error, String message, @Nullable Throwable cause) {
    this(error, message, null, cause);
  }

  JobsException(
      JobError error,
      String message,
      @Nullable JsonObject executionState,
      @Nullable Throwable cause) {
    super(error.status(), error.exception(), message, cause);
    this.error = error;
    this.executionState = executionState;
  }

  JobError error() {
    return error;
  }

  /** The execution as it is, where that says why; null elsewhere. */
  @Nullable JsonObject executionState() {
    return executionState;
  }

  static JobsException noJob(String id) {
    return new JobsException(JobError.RESOURCE_NOT_FOUND, "there is no job '" + id + "'");
  }

  static JobsException noExecution(String thing, String id) {
    return new JobsException(
        JobError.RESOURCE_NOT_FOUND,
        "there is no execution of job '" + id + "' on thing '" + thing + "'");
  }
}
