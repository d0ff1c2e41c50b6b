package io.snaprail.driver.serial.internal.extract;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import io.snaprail.driver.serial.internal.extract.Place.NoValueException;
import io.snaprail.driver.serial.internal.framing.BoundedText;
import io.snaprail.driver.serial.internal.framing.Frame;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads the places of texts as register maps write them.
 *
 * <ul>
 *   <li>{@code text}: the whole content
 *   <li>{@code chars:3..8}: these characters, counted from 1
 *   <li>{@code column:2}: between separators, counted from 1
 *   <li>{@code angle:3}: degrees and minutes in this column ({@code dddmm.mmm}) and the direction
 *       (N, S, E, W) in the next one, as in NMEA 0183: decimal degrees
 *   <li>{@code key:TEMP}: what stands behind {@code TEMP=} or {@code TEMP:}
 *   <li>{@code group:temp}: a named group of the device's pattern
 *   <li>{@code json:sensors[0].t}: a member of a JSON text
 * </ul>
 */
final class Places {
  private static final String FORMS =
      "expected text, chars:A..B, column:N, angle:N, key:NAME, group:NAME, json:PATH or bytes:N";
  private static final Pattern CHARS = Pattern.compile("([0-9]{1,5}) *\\.\\. *([0-9]{1,5})");
  private static final Pattern STEP = Pattern.compile("\\[([0-9]{1,6})]|\\.?([^.\\[\\]]+)");

  private Places() {}

  /**
   * The place that a text names.
   *
   * @throws IllegalArgumentException when it names none: expected and found
   */
  static Place of(String address, Syntax syntax) {
    int colon = address.indexOf(':');
    String kind = colon < 0 ? address : address.substring(0, colon);
    String argument = colon < 0 ? "" : address.substring(colon + 1).strip();
    return switch (kind.strip()) {
      case "text" -> Frame::text;
      case "chars" -> chars(address, argument);
      case "column" -> column(number(address, argument), syntax);
      case "angle" -> angle(number(address, argument), syntax);
      case "key" -> key(address, argument, syntax);
      case "group" -> group(address, argument, syntax);
      case "json" -> json(address, argument);
      default -> throw new IllegalArgumentException("address '" + address + "': " + FORMS);
    };
  }

  private static int number(String address, String text) {
    if (!text.matches("[0-9]{1,4}") || Integer.parseInt(text) == 0) {
      throw new IllegalArgumentException(
          "address '" + address + "': expected the number of a column, counted from 1");
    }
    return Integer.parseInt(text);
  }

  private static Place chars(String address, String argument) {
    Matcher range = CHARS.matcher(argument);
    int first = range.matches() ? Integer.parseInt(range.group(1)) : 0;
    int last = range.matches() ? Integer.parseInt(range.group(2)) : 0;
    if (first < 1 || last < first) {
      throw new IllegalArgumentException(
          "address '"
              + address
              + "': expected the first and the last character, counted from 1, such as chars:3..8");
    }
    return frame -> {
      String text = frame.text();
      if (text.length() < last) {
        throw new NoValueException(
            "the frame has " + text.length() + " characters, expected " + last + " or more");
      }
      return text.substring(first - 1, last);
    };
  }

  private static Place column(int number, Syntax syntax) {
    return frame -> column(frame.text(), number, syntax);
  }

  private static String column(String text, int number, Syntax syntax) throws NoValueException {
    int start = 0;
    for (int column = 1; ; column++) {
      int quoted = quoteEnd(text, start, syntax);
      int end = quoted > 0 ? quoted : start;
      while (end < text.length() && !syntax.separates(text.charAt(end))) {
        end++;
      }
      if (column == number) {
        return quoted > 0
            ? text.substring(start + 1, quoted - 1).replace("\"\"", "\"")
            : text.substring(start, end);
      }
      if (end >= text.length()) {
        throw new NoValueException(
            "the frame has " + column + " columns, expected " + number + " or more");
      }
      start = end + 1;
    }
  }

  /**
   * RFC 4180, section 2: behind the quotes of a column that is quoted as a whole; 0 when it is not.
   */
  private static int quoteEnd(String text, int start, Syntax syntax) {
    if (start >= text.length() || text.charAt(start) != '"') {
      return 0;
    }
    int at = start + 1;
    while (at < text.length()) {
      boolean quote = text.charAt(at) == '"';
      boolean doubled = quote && at + 1 < text.length() && text.charAt(at + 1) == '"';
      if (quote && !doubled) {
        boolean ends = at + 1 == text.length() || syntax.separates(text.charAt(at + 1));
        return ends ? at + 1 : 0;
      }
      at += doubled ? 2 : 1;
    }
    return 0;
  }

  /** NMEA 0183, 5.3.1: latitude ddmm.mmm and longitude dddmm.mmm, of variable length. */
  private static Place angle(int number, Syntax syntax) {
    return frame -> {
      String text = frame.text();
      String angle = column(text, number, syntax).strip();
      String direction = column(text, number + 1, syntax).strip();
      if (angle.isEmpty()) {
        return "";
      }
      if (!angle.matches("[0-9]{3,5}(\\.[0-9]{1,9})?") || !direction.matches("[NSEW]")) {
        throw new NoValueException(
            "expected degrees and minutes such as 4807.038 and N, S, E or W, found '"
                + angle
                + "' and '"
                + direction
                + "'");
      }
      return Angles.degrees(angle, direction.charAt(0));
    };
  }

  private static Place key(String address, String key, Syntax syntax) {
    if (key.isEmpty()) {
      throw new IllegalArgumentException(
          "address '" + address + "': expected a key, such as key:TEMP");
    }
    return frame -> {
      String text = frame.text();
      for (int at = text.indexOf(key); at >= 0; at = text.indexOf(key, at + 1)) {
        boolean begins = at == 0 || ends(text.charAt(at - 1), syntax);
        int assign = skipBlanks(text, at + key.length());
        if (begins && assign < text.length() && syntax.assigns(text.charAt(assign))) {
          int from = skipBlanks(text, assign + 1);
          int to = from;
          while (to < text.length() && !ends(text.charAt(to), syntax)) {
            to++;
          }
          return text.substring(from, to);
        }
      }
      throw new NoValueException("the frame has no '" + key + "'");
    };
  }

  private static boolean ends(char c, Syntax syntax) {
    return Character.isWhitespace(c) || syntax.separates(c);
  }

  private static int skipBlanks(String text, int from) {
    int at = from;
    while (at < text.length() && text.charAt(at) == ' ') {
      at++;
    }
    return at;
  }

  private static Place group(String address, String name, Syntax syntax) {
    Pattern pattern = syntax.pattern();
    if (pattern == null) {
      throw new IllegalArgumentException(
          "address '" + address + "': expected a setting 'pattern' with this group, found none");
    }
    if (!pattern.pattern().contains("(?<" + name + ">") || name.isEmpty()) {
      throw new IllegalArgumentException(
          "address '"
              + address
              + "': expected a group of the pattern, written (?<"
              + (name.isEmpty() ? "name" : name)
              + ">...), found none in '"
              + pattern.pattern()
              + "'");
    }
    return frame -> {
      Matcher matcher = pattern.matcher(new BoundedText(frame.text(), "pattern"));
      if (!BoundedText.run("pattern", matcher::find)) {
        throw new NoValueException("the frame does not match the pattern");
      }
      return group(matcher, name);
    };
  }

  private static String group(Matcher matcher, String name) throws NoValueException {
    String found;
    try {
      found = matcher.group(name);
    } catch (IllegalArgumentException e) {
      // It was written in the pattern, but as a text to match.
      throw new NoValueException("the pattern has no group '" + name + "'");
    }
    if (found == null) {
      throw new NoValueException("the frame has no '" + name + "'");
    }
    return found;
  }

  private static Place json(String address, String path) {
    List<Object> steps = new ArrayList<>();
    Matcher step = STEP.matcher(path);
    int end = 0;
    while (end < path.length() && step.find(end) && step.start() == end) {
      String index = step.group(1);
      steps.add(index != null ? (Object) Integer.valueOf(index) : step.group(2));
      end = step.end();
    }
    if (path.isEmpty() || end < path.length()) {
      throw new IllegalArgumentException(
          "address '" + address + "': expected a path such as json:sensors[0].t");
    }
    return frame -> {
      JsonElement at = parsed(frame);
      for (Object next : steps) {
        JsonElement member = member(at, next);
        if (member == null || member.isJsonNull()) {
          throw new NoValueException("the JSON text has no " + path);
        }
        at = member;
      }
      if (!at.isJsonPrimitive()) {
        throw new NoValueException(path + " of the JSON text is no single value");
      }
      return at.getAsString();
    };
  }

  private static JsonElement parsed(Frame frame) throws NoValueException {
    // What stands on the line may be damaged: nothing but JSON as RFC 8259 has it is taken for it.
    JsonReader reader =
        new JsonReader(new StringReader(new String(frame.content(), StandardCharsets.UTF_8)));
    reader.setStrictness(Strictness.STRICT);
    try {
      JsonElement whole = JsonParser.parseReader(reader);
      if (reader.peek() != JsonToken.END_DOCUMENT) {
        throw new NoValueException("something stands behind the JSON text");
      }
      return whole;
    } catch (JsonParseException | IOException | StackOverflowError e) {
      throw new NoValueException("the frame is no JSON text");
    }
  }

  private static @Nullable JsonElement member(JsonElement at, Object step) {
    if (step instanceof Integer index) {
      return at instanceof JsonArray array && index < array.size() ? array.get(index) : null;
    }
    return at instanceof JsonObject object ? object.get((String) step) : null;
  }
}
