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
