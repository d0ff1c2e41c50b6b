package io.snaprail.mqtt.internal.link;

import org.jspecify.annotations.Nullable;

/** A connection could not be made or used; the fault says why in plain words. */
public final class LinkException extends Exception {
  private static final long serialVersionUID = 1L;

  // A record of strings and an enum; an exception is never sent anywhere.
  private final transient Fault fault;

  /** Wraps a fault. */
  public LinkException(Fault fault, @Nullable Throwable cause) {
    super(fault.message(), cause);
    this.fault = fault;
  }

  /** Wraps a fault. */
  public LinkException(Fault fault) {
    this(fault, null);
  }

  /** What is wrong. */
  public Fault fault() {
    return fault;
  }
}
