package io.snaprail.localiot.internal.policy;

import java.util.Collection;

/**
 * Decides as AWS IoT Core does: nothing is allowed by default, all policies add up, an explicit
 * Deny wins (AWS IoT Core developer guide, "AWS IoT Core policies").
 */
public final class PolicyEngine {
  private PolicyEngine() {}

  /** Decides one request over all policies that apply to it. */
  public static Decision decide(Collection<PolicyDocument> policies, AccessRequest request) {
    boolean allowed = false;
    for (PolicyDocument policy : policies) {
      for (Statement statement : policy.statements()) {
        if (!statement.matches(request)) {
          continue;
        }
        if (statement.effect() == Effect.DENY) {
          return Decision.EXPLICITLY_DENIED;
        }
        allowed = true;
      }
    }
    return allowed ? Decision.ALLOWED : Decision.NOT_ALLOWED;
  }
}
