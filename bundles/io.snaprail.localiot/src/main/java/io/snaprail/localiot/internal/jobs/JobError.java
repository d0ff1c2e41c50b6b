package io.snaprail.localiot.internal.jobs;

/**
 * Why a request about jobs is rejected (developer guide, "AWS IoT jobs APIs", ErrorResponse; the
 * exceptions are those of the API references of the data plane and of CreateJob and its like).
 */
public enum JobError {
  /** No operation has this topic. */
  INVALID_TOPIC("InvalidTopic", 400, "InvalidRequestException"),
  /** Not UTF-8 or not JSON. */
  INVALID_JSON("InvalidJson", 400, "InvalidRequestException"),
  /** Something in it is wrong. */
  INVALID_REQUEST("InvalidRequest", 400, "InvalidRequestException"),
  /** The state does not allow it. */
  INVALID_STATE_TRANSITION("InvalidStateTransition", 409, "InvalidStateTransitionException"),
  /** There is no such thing, group, job or execution. */
  RESOURCE_NOT_FOUND("ResourceNotFound", 404, "ResourceNotFoundException"),
  /** It has changed since. */
  VERSION_MISMATCH("VersionMismatch", 409, "VersionConflictException"),
  /** The endpoint's own fault. */
  INTERNAL_ERROR("InternalError", 500, "InternalFailureException"),
  /** Too many at once. */
  REQUEST_THROTTLED("RequestThrottled", 429, "ThrottlingException"),
  /** Nothing follows any more. */
  TERMINAL_STATE_REACHED("TerminalStateReached", 410, "TerminalStateException"),
  /** There is one already; only where people ask. */
  ALREADY_EXISTS("InvalidRequest", 409, "ResourceAlreadyExistsException"),
  /** There is no room; only where people ask. */
  LIMIT_EXCEEDED("InvalidRequest", 410, "LimitExceededException");

  private final String topicCode;
  private final int status;
  private final String exception;

  JobError(String topicCode, int status, String exception) {
    this.topicCode = topicCode;
    this.status = status;
    this.exception = exception;
  }

  String topicCode() {
    return topicCode;
  }

  int status() {
    return status;
  }

  String exception() {
    return exception;
  }
}
