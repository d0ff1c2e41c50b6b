package io.snaprail.awsiot.internal.jobs;

/** A job cannot be carried out; the message is for people and goes to AWS. */
public final class JobFailedException extends Exception {
  private static final long serialVersionUID = 1;

  /** Says why. */
  public JobFailedException(String message) {
    super(message);
  }
}
