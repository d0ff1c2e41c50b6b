package io.snaprail.localiot.internal.policy;

import java.util.List;

/**
 * One statement of a policy document.
 *
 * @param sid its name; empty when it has none
 * @param effect what it does to requests that it matches
 * @param actions what it is about
 * @param resources on what
 * @param conditions all of which have to hold
 */
record Statement(
    String sid, Effect effect, Patterns actions, Patterns resources, List<Condition> conditions) {

  Statement {
    conditions = List.copyOf(conditions);
  }

  boolean matches(AccessRequest request) {
    return covers(actions, request.action(), request.variables())
        && covers(resources, request.resource(), request.variables())
        && conditions.stream().allMatch(one -> holds(one, request.variables()));
  }

  private boolean covers(Patterns patterns, String subject, Variables variables) {
    if (!patterns.inverted) {
      return patterns.any(subject, variables);
    }
    // "Everything but X" with an X that cannot be known must not allow everything.
    if (effect == Effect.ALLOW && patterns.unresolved(variables)) {
      return false;
    }
    return !patterns.any(subject, variables);
  }

  private boolean holds(Condition condition, Variables variables) {
    if (effect == Effect.ALLOW
        && condition.operator().negated()
        && condition.unresolved(variables)) {
      return false;
    }
    return condition.holds(variables);
  }

  /**
   * A list of patterns, from {@code Action} or {@code Resource}, or inverted from {@code NotAction}
   * or {@code NotResource}.
   */
  record Patterns(List<WildcardPattern> patterns, boolean inverted) {
    Patterns {
      patterns = List.copyOf(patterns);
    }

    private boolean any(String subject, Variables variables) {
      return patterns.stream().anyMatch(pattern -> pattern.matches(subject, variables));
    }

    private boolean unresolved(Variables variables) {
      return patterns.stream().anyMatch(pattern -> pattern.unresolved(variables));
    }
  }
}
