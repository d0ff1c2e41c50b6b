package io.snaprail.mqtt.internal.telemetry;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A topic with variables in it: {@code snaprail/{{thing}}/{{device}}}. Everything but the device is
 * filled in once, when the template is read.
 *
 * <p>Rules: a name in braces is letters, digits and {@code _ - .}, blanks around it are ignored;
 * neither text nor values hold {@code + # NUL} (MQTT 3.1.1, 4.7: they are for filters only); a
 * {@code /} in a device's name becomes {@code _}, so that a name never adds a level; the topic has
 * 1..256 bytes of UTF-8 (the limit of AWS IoT Core, and enough for anybody else), not counting
 * {@code $aws/rules/<rule>/} at its start (AWS IoT Core, Basic Ingest).
 */
public final class TopicTemplate {
  /** The variable that is different for each message. */
  public static final String DEVICE = "device";

  /** Longest topic, in bytes. */
  public static final int MAX_BYTES = 256;

  private static final Pattern BASIC_INGEST = Pattern.compile("^\\$aws/rules/[^/]+/");
  private static final String OPEN = "{{";
  private static final String CLOSE = "}}";

  private final String template;
  // Texts between the places where the device's name goes.
  private final List<String> texts;

  private TopicTemplate(String template, List<String> texts) {
    this.template = template;
    this.texts = List.copyOf(texts);
  }

  /**
   * Reads a template.
   *
   * @throws IllegalArgumentException when it is wrong; the message names template, position,
   *     expected and found
   */
  public static TopicTemplate parse(String template, Map<String, String> variables) {
    List<String> texts = new ArrayList<>();
    StringBuilder text = new StringBuilder();
    int at = 0;
    while (true) {
      int open = template.indexOf(OPEN, at);
      String literal = open < 0 ? template.substring(at) : template.substring(at, open);
      checkLiteral(template, literal, at);
      text.append(literal);
      if (open < 0) {
        break;
      }
      int close = template.indexOf(CLOSE, open);
      if (close < 0) {
        throw wrong(template, open, "'}}' after '{{'", template.substring(open));
      }
      String name = template.substring(open + OPEN.length(), close).strip();
      if (name.equals(DEVICE)) {
        texts.add(text.toString());
        text.setLength(0);
      } else {
        text.append(value(template, open, name, variables));
      }
      at = close + CLOSE.length();
    }
    texts.add(text.toString());
    TopicTemplate result = new TopicTemplate(template, texts);
    // With the shortest name there is: what is too long now is too long for every device.
    result.topic("d");
    return result;
  }

  /**
   * The topic of a device.
   *
   * @throws IllegalArgumentException when the name cannot stand in a topic or makes it too long
   */
  public String topic(String device) {
    String reason = forbidden(device);
    if (reason != null) {
      throw new IllegalArgumentException(
          "device '"
              + device
              + "': expected a name without '+', '#' and control characters for topic '"
              + template
              + "', found "
              + reason);
    }
    String topic = String.join(device.replace('/', '_'), texts);
    String counted = topic.startsWith("$") ? BASIC_INGEST.matcher(topic).replaceFirst("") : topic;
    int bytes = counted.getBytes(StandardCharsets.UTF_8).length;
    if (bytes < 1 || bytes > MAX_BYTES) {
      throw new IllegalArgumentException(
          "topic '"
              + template
              + "' of device '"
              + device
              + "': expected 1.."
              + MAX_BYTES
              + " bytes, found "
              + bytes);
    }
    return topic;
  }

  private static String value(
      String template, int position, String name, Map<String, String> variables) {
    String value = variables.get(name);
    if (value == null) {
      TreeSet<String> known = new TreeSet<>(variables.keySet());
      known.add(DEVICE);
      throw wrong(template, position, "one of " + String.join(", ", known), "{{" + name + "}}");
    }
    String reason = forbidden(value);
    if (reason != null) {
      throw wrong(
          template,
          position,
          "a value of '" + name + "' without '+', '#' and control characters",
          value);
    }
    if (value.isEmpty()) {
      throw wrong(template, position, "a value for '" + name + "'", "");
    }
    return value;
  }

  private static void checkLiteral(String template, String literal, int at) {
    int stray = literal.indexOf(CLOSE);
    if (stray >= 0) {
      throw wrong(template, at + stray, "'{{' before '}}'", CLOSE);
    }
    String reason = forbidden(literal);
    if (reason != null) {
      throw wrong(template, at, "a topic without '+', '#' and control characters", reason);
    }
  }

  /** What must not stand in a topic, quoted; null when there is nothing. */
  private static @Nullable String forbidden(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '+' || c == '#') {
        return "'" + c + "'";
      }
      // Brokers may refuse them (MQTT 3.1.1, 1.5.3), and NUL always.
      if (Character.isISOControl(c)) {
        return String.format("character U+%04X", (int) c);
      }
    }
    return null;
  }

  private static IllegalArgumentException wrong(
      String template, int position, String expected, String found) {
    return new IllegalArgumentException(
        "topic '"
            + template
            + "', position "
            + (position + 1)
            + ": expected "
            + expected
            + ", found '"
            + found
            + "'");
  }
}
