package io.snaprail.localiot.internal.policy;

import java.util.List;

/**
 * One key of a condition (IAM user guide, "Condition" and "Creating a condition with multiple keys
 * or values"): its values are alternatives; a negated operator holds when none matches.
 *
 * @param operator what it compares by
 * @param quantifier for keys with several values
 * @param ifExists whether it holds when the key has no value
 * @param key such as {@code iot:Connection.Thing.IsAttached}
 * @param values what the policy names
 */
record Condition(
    ConditionOperator operator,
    Quantifier quantifier,
    boolean ifExists,
    String key,
    List<WildcardPattern> values) {

  Condition {
    values = List.copyOf(values);
  }

  /** How many of a key's values have to match. */
  enum Quantifier {
    /** The key has one value. */
    NONE,
    /** Every value; holds when there is none. */
    FOR_ALL_VALUES,
    /** At least one. */
    FOR_ANY_VALUE
  }

  boolean holds(Variables variables) {
    List<String> found = variables.values(key);
    if (operator == ConditionOperator.NULL) {
      return named(Boolean.toString(found.isEmpty()), variables);
    }
    if (found.isEmpty() && ifExists) {
      return true;
    }
    return switch (quantifier) {
      case FOR_ALL_VALUES ->
          found.stream().allMatch(one -> named(one, variables) != operator.negated());
      case FOR_ANY_VALUE ->
          found.stream().anyMatch(one -> named(one, variables) != operator.negated());
      case NONE -> found.stream().anyMatch(one -> named(one, variables)) != operator.negated();
    };
  }

  /** Whether a value that the policy names cannot be known. */
  boolean unresolved(Variables variables) {
    return values.stream().anyMatch(value -> value.unresolved(variables));
  }

  private boolean named(String found, Variables variables) {
    return values.stream().anyMatch(value -> operator.matches(found, value, variables));
  }
}
