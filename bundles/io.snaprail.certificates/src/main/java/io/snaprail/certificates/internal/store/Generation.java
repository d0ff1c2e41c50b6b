package io.snaprail.certificates.internal.store;

/** The generations of an identity, in the order they are lived through. */
public enum Generation {
  /** A key that waits for its certificate. */
  PENDING("pending.p12"),
  /** Has a certificate that has not proved itself yet. */
  TRIAL("trial.p12"),
  /** In use. */
  ACTIVE("active.p12"),
  /** What was in use before. */
  PREVIOUS("previous.p12");

  private final String file;

  Generation(String file) {
    this.file = file;
  }

  String file() {
    return file;
  }
}
