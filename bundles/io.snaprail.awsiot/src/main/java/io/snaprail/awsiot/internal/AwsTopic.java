package io.snaprail.awsiot.internal;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Checks a topic template against the rules that only AWS has. */
public final class AwsTopic {
  private static final Pattern VARIABLE = Pattern.compile("\\{\\{\\s*([^{}]*?)\\s*}}");

  private AwsTopic() {}

  /**
   * Fills a topic's variables in and checks it.
   *
   * @param key for messages
   * @throws IllegalArgumentException when a variable is unknown or AWS would refuse the topic; the
   *     message names key, expected and found
   */
  public static String fill(String key, String template, Map<String, String> variables) {
    Matcher matcher = VARIABLE.matcher(template);
    String filled =
        matcher.replaceAll(
            match -> {
              String value = variables.get(match.group(1));
              if (value == null) {
                throw new IllegalArgumentException(
                    key
                        + ": expected one of {{"
                        + String.join("}}, {{", variables.keySet())
                        + "}}, found '{{"
                        + match.group(1)
                        + "}}'");
              }
              return Matcher.quoteReplacement(value);
            });
    if (filled.contains("+") || filled.contains("#")) {
      throw new IllegalArgumentException(
          key + ": expected a topic without '+' and '#', found '" + filled + "'");
    }
    check(filled, variables);
    return filled;
  }

  /**
   * Checks levels and reserved topics. Unknown variables are left to the pipeline, which names
   * them.
   *
   * @throws IllegalArgumentException when AWS would refuse the topic; the message names key,
   *     expected and found
   */
  public static void check(String template, Map<String, String> variables) {
    // A device's name never holds a slash: the pipeline sees to that.
    String topic =
        VARIABLE
            .matcher(template)
            .replaceAll(
                match -> Matcher.quoteReplacement(variables.getOrDefault(match.group(1), "d")));
    Matcher basicIngest = AwsLimits.BASIC_INGEST.matcher(topic);
    boolean basic = basicIngest.lookingAt();
    if (topic.startsWith("$") && !basic) {
      throw new IllegalArgumentException(
          "topic: expected one that does not start with '$' (reserved), except"
              + " '$aws/rules/<rule>/', found '"
              + template
              + "'");
    }
    String counted = basic ? topic.substring(basicIngest.end()) : topic;
    long slashes = counted.chars().filter(c -> c == '/').count();
    if (slashes > AwsLimits.TOPIC_SLASHES) {
      throw new IllegalArgumentException(
          "topic: expected "
              + AwsLimits.TOPIC_SLASHES
              + " slashes at most (AWS IoT Core), found "
              + slashes
              + " in '"
              + topic
              + "'");
    }
    int bytes = counted.getBytes(StandardCharsets.UTF_8).length;
    if (bytes > AwsLimits.TOPIC_BYTES) {
      throw new IllegalArgumentException(
          "topic: expected "
              + AwsLimits.TOPIC_BYTES
              + " bytes at most (AWS IoT Core), found "
              + bytes
              + " in '"
              + topic
              + "'");
    }
  }
}
