package io.snaprail.core.internal.commissioning;

import io.snaprail.api.driver.Tool;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a tool is given, checked against what it asks for. */
final class Parameters {
  private static final int MAX_TEXT = 4_096;
  private static final int MAX_SHOWN = 4_096;
  private static final int MAX_LINES = 65_536;

  private Parameters() {}

  /**
   * Every parameter of a tool: as given, or as it is unless it is given.
   *
   * @throws IllegalArgumentException when one is wrong or unknown: id, expected and found
   */
  static Map<String, String> of(Tool tool, Map<String, String> given) {
    Map<String, String> all = new LinkedHashMap<>();
    for (Tool.Parameter parameter : tool.parameters()) {
      String text = given.get(parameter.id());
      all.put(parameter.id(), checked(parameter, text == null ? parameter.initial() : text));
    }
    List<String> unknown = given.keySet().stream().filter(id -> !all.containsKey(id)).toList();
    if (!unknown.isEmpty()) {
      throw new IllegalArgumentException(
          "tool '"
              + tool.id()
              + "' has no parameter '"
              + unknown.get(0)
              + "'; expected "
              + (all.isEmpty() ? "none" : String.join(", ", all.keySet())));
    }
    return all;
  }

  private static String checked(Tool.Parameter parameter, String text) {
    boolean free = parameter.kind() == Tool.Kind.TEXT || parameter.kind() == Tool.Kind.LINES;
    String found = free ? text : text.strip();
    String expected = expected(parameter, found);
    if (expected != null) {
      String shown =
          found.length() > MAX_SHOWN ? found.length() + " characters" : "'" + found + "'";
      throw new IllegalArgumentException(
          parameter.id() + ": expected " + expected + ", found " + shown);
    }
    return found;
  }

  /** What was expected; null when it is that. */
  private static @Nullable String expected(Tool.Parameter parameter, String found) {
    return switch (parameter.kind()) {
      case TEXT -> atMost(MAX_TEXT, found);
      case LINES -> atMost(MAX_LINES, found);
      case BOOLEAN -> found.equals("true") || found.equals("false") ? null : "true or false";
      case CHOICE ->
          parameter.choices().contains(found)
              ? null
              : "one of " + String.join(", ", parameter.choices());
      case WHOLE ->
          whole(found, parameter.min(), parameter.max())
              ? null
              : "a whole number, " + parameter.min() + ".." + parameter.max();
    };
  }

  private static @Nullable String atMost(int longest, String found) {
    return found.length() <= longest ? null : "at most " + longest + " characters";
  }

  private static boolean whole(String text, long min, long max) {
    if (!text.matches("[-+]?\\d{1,18}")) {
      return false;
    }
    long number = Long.parseLong(text);
    return number >= min && number <= max;
  }
}
