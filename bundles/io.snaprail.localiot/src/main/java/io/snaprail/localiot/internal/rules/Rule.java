package io.snaprail.localiot.internal.rules;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.snaprail.localiot.internal.json.JsonException;
import io.snaprail.localiot.internal.json.Members;
import io.snaprail.localiot.internal.json.StrictJson;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A rule, read from the document that AWS calls {@code topicRulePayload} (developer guide,
 * "Creating an AWS IoT rule"), with the actions that there are here.
 *
 * @param name 1..128 letters, digits, {@code _}
 * @param enabled whether it counts
 * @param statement what it selects
 * @param actions what to do with the outcome
 */
record Rule(String name, boolean enabled, Statement statement, List<Action> actions) {
  private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9_]{1,128}");
  private static final Pattern FILE = Pattern.compile("[A-Za-z0-9_-][A-Za-z0-9_.-]{0,63}");
  private static final int ACTIONS = 10;

  Rule {
    actions = List.copyOf(actions);
  }

  /** Something to do. */
  sealed interface Action {}

  /** Publishes it. */
  record Republish(Substitution topic, int qos) implements Action {}

  /** Appends it to a file as a line. */
  record ToFile(String name) implements Action {}

  /** Writes it into the log. */
  record ToLog() implements Action {}

  static boolean validName(String name) {
    return NAME.matcher(name).matches();
  }

  /** Reads a rule. */
  static Rule parse(String name, String text) throws RuleException {
    if (!validName(name)) {
      throw RuleException.invalid(
          "rule: expected 1..128 letters, digits, '_', found '" + name + "'");
    }
    try {
      JsonObject json = StrictJson.parseObject(text);
      boolean disabled = json.has("ruleDisabled") && Members.bool(json, "ruleDisabled");
      return new Rule(name, !disabled, SqlParser.parse(Members.string(json, "sql")), actions(json));
    } catch (JsonException e) {
      throw RuleException.invalid(String.valueOf(e.getMessage()));
    }
  }

  private static List<Action> actions(JsonObject json) throws RuleException, JsonException {
    List<Action> actions = new ArrayList<>();
    if (!(json.get("actions") instanceof JsonArray array) || array.size() > ACTIONS) {
      throw RuleException.invalid("actions: expected an array of at most " + ACTIONS);
    }
    for (JsonElement element : array) {
      if (!(element instanceof JsonObject action) || action.size() != 1) {
        throw RuleException.invalid("actions: expected objects with one member each");
      }
      String kind = action.keySet().iterator().next();
      actions.add(action(kind, Members.object(action, kind)));
    }
    return actions;
  }

  private static Action action(String kind, JsonObject json) throws RuleException, JsonException {
    switch (kind) {
      case "republish" -> {
        long qos = json.has("qos") ? Members.number(json, "qos") : 0;
        if (qos > 1) {
          throw RuleException.invalid("republish: expected qos 0 or 1, found " + qos);
        }
        return new Republish(Substitution.of(Members.string(json, "topic")), (int) qos);
      }
      case "file" -> {
        String name = Members.string(json, "name");
        if (!FILE.matcher(name).matches()) {
          throw RuleException.invalid(
              "file: expected a name of 1..64 letters, digits, '_', '-', '.', found '"
                  + name
                  + "'");
        }
        return new ToFile(name);
      }
      case "log" -> {
        return new ToLog();
      }
      default ->
          throw RuleException.invalid(
              "action '" + kind + "' is not known here: expected republish, file or log");
    }
  }
}
