package io.snaprail.certificates.internal.store;

/** The generations that have a file of their own; a trial will stand between the first two. */
public enum Generation {
  /** A key that waits for its certificate. */
  PENDING("pending.p12"),
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
