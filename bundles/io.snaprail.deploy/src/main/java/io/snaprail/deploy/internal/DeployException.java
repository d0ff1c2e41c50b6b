package io.snaprail.deploy.internal;

/** An order ends without success; the message is for people. */
public final class DeployException extends Exception {
  private static final long serialVersionUID = 1L;

  private final boolean refused;

  private DeployException(boolean refused, String message) {
    super(message);
    this.refused = refused;
  }

  /** It is not allowed here. */
  public static DeployException refused(String message) {
    return new DeployException(true, message);
  }

  /** It did not work. */
  public static DeployException failed(String message) {
    return new DeployException(false, message);
  }

  /** Whether it is not allowed, as opposed to not working. */
  public boolean refused() {
    return refused;
  }

  /** The same with more to say. */
  public DeployException with(String more) {
    return new DeployException(refused, getMessage() + more);
  }
}
