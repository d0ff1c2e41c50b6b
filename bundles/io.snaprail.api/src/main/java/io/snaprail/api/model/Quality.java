package io.snaprail.api.model;

/** How far a sample can be trusted. A sample that is not {@link #GOOD} carries a reason. */
public enum Quality {
  /** Read from the device in this cycle; every check of the answer passed. */
  GOOD,
  /** A value exists but something about it is in doubt; the reason says what. */
  UNCERTAIN,
  /** No valid value: the device is away, refused the point or answered wrongly. */
  BAD
}
