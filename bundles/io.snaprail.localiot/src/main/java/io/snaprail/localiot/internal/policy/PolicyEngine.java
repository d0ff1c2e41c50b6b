package io.snaprail.localiot.internal.policy;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;

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

  /**
   * Decides the same and says why.
   *
   * @param policies by name
   */
  public static Verdict explain(Map<String, PolicyDocument> policies, AccessRequest request) {
    List<Verdict.Match> denying = new ArrayList<>();
    List<Verdict.Match> allowing = new ArrayList<>();
    policies.forEach(
        (name, policy) -> {
          for (int i = 0; i < policy.statements().size(); i++) {
            Statement statement = policy.statements().get(i);
            if (statement.matches(request)) {
              (statement.effect() == Effect.DENY ? denying : allowing)
                  .add(new Verdict.Match(name, i, statement.sid(), statement.effect()));
            }
          }
        });
    List<Verdict.Match> all = new ArrayList<>(denying);
    all.addAll(allowing);
    return new Verdict(decide(policies.values(), request), all);
  }
}
