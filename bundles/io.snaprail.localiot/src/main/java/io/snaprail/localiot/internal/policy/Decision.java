package io.snaprail.localiot.internal.policy;

/** The answer of the policy engine. */
public enum Decision {
  /** A statement allows it and none denies it. */
  ALLOWED("allowed"),
  /** A statement denies it: whatever else allows it does not count. */
  EXPLICITLY_DENIED("a Deny statement matches"),
  /** No statement allows it. */
  NOT_ALLOWED("no Allow statement matches");

  private final String words;

  Decision(String words) {
    this.words = words;
  }

  /** Whether it may be done. */
  public boolean allowed() {
    return this == ALLOWED;
  }

  /** The reason in plain words. */
  public String words() {
    return words;
  }
}
