package io.snaprail.localiot.internal.rules;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a rule selects.
 *
 * @param items what it makes
 * @param from which topics
 * @param where null for every message
 */
record Statement(List<Item> items, TopicFilter from, @Nullable Expression where) {
  Statement {
    items = List.copyOf(items);
  }

  /**
   * One item.
   *
   * @param name its key in the outcome
   * @param expression null for {@code *}
   */
  record Item(String name, @Nullable Expression expression) {}

  /** Whether it passes payloads on as they are, be they JSON or not. */
  boolean passesOn() {
    return items.size() == 1 && items.get(0).expression() == null;
  }

  /** Whether WHERE holds. */
  boolean holds(Input input) {
    return where == null || Boolean.TRUE.equals(Operators.truth(where.value(input)));
  }

  /** What it makes of a message; empty when WHERE does not hold. Undefined members are left out. */
  Optional<JsonObject> apply(Input input) {
    if (!holds(input)) {
      return Optional.empty();
    }
    JsonObject outcome = new JsonObject();
    for (Item item : items) {
      Expression expression = item.expression();
      if (expression == null) {
        input.payload().asMap().forEach(outcome::add);
        continue;
      }
      JsonElement value = expression.value(input);
      if (value != null) {
        outcome.add(item.name(), value);
      }
    }
    return Optional.of(outcome);
  }
}
