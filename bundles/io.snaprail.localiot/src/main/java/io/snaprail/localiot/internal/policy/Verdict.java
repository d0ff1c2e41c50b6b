package io.snaprail.localiot.internal.policy;

import java.util.List;

/**
 * The answer of the policy engine with its reasons.
 *
 * @param decision the answer
 * @param matches every statement that matches the request, those that deny first
 */
public record Verdict(Decision decision, List<Match> matches) {
  /** Copies the list. */
  public Verdict {
    matches = List.copyOf(matches);
  }

  /**
   * A statement that matches.
   *
   * @param policy name of its policy
   * @param statement its place in the document, from 0
   * @param sid its name; empty when it has none
   * @param effect what it does
   */
  public record Match(String policy, int statement, String sid, Effect effect) {
    /** For people: which statement of which policy. */
    public String words() {
      return "statement %d%s of policy '%s' %s it"
          .formatted(
              statement + 1,
              sid.isEmpty() ? "" : " (" + sid + ")",
              policy,
              effect == Effect.ALLOW ? "allows" : "denies");
    }
  }

  /** The answer in one sentence, with the statement that makes it. */
  public String words() {
    return matches.isEmpty() ? decision.words() : decision.words() + ": " + matches.get(0).words();
  }
}
