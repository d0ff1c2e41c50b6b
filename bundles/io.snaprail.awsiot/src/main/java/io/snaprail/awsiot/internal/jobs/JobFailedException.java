package io.snaprail.awsiot.internal.jobs;

/** A job cannot be carried out; the message is for people and goes to AWS. */
public final class JobFailedException extends Exception {
  private static final long serialVersionUID = 1;

  private final boolean rejected;

  /** Says why it failed. */
  public JobFailedException(String message) {
    this(message, false);
  }

  private JobFailedException(String message, boolean rejected) {
    super(message);
    this.rejected = rejected;
  }

  /** Says why it is not allowed here; nothing was done. */
  public static JobFailedException rejected(String message) {
    return new JobFailedException(message, true);
  }

  /** Whether it is not allowed, as opposed to not working. */
  public boolean rejected() {
    return rejected;
  }
}
