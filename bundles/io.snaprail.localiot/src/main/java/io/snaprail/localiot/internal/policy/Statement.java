package io.snaprail.localiot.internal.policy;

import java.util.List;

/** One statement of a policy document. */
final class Statement {
  private final Effect effect;
  private final Patterns actions;
  private final Patterns resources;

  Statement(Effect effect, Patterns actions, Patterns resources) {
    this.effect = effect;
    this.actions = actions;
    this.resources = resources;
  }

  Effect effect() {
    return effect;
  }

  boolean matches(AccessRequest request) {
    return covers(actions, request.action(), request.variables())
        && covers(resources, request.resource(), request.variables());
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
