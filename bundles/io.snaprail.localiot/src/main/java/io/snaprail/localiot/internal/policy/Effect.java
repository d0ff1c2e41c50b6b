package io.snaprail.localiot.internal.policy;

/** What a statement does to the requests that it matches. */
public enum Effect {
  /** Permits, unless another statement denies. */
  ALLOW,
  /** Forbids, whatever others say. */
  DENY
}
