package io.snaprail.localiot.internal.broker;

import io.snaprail.localiot.internal.limits.Quotas;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What topics and filters may look like (MQTT 3.1.1 section 4.7, AWS IoT Core quotas). */
final class Topics {
  private static final Pattern BASIC_INGEST = Pattern.compile("\\$aws/rules/[^/]+/");

  private Topics() {}

  /** Topics that begin with {@code $} belong to the service. */
  static boolean reserved(String topic) {
    return topic.startsWith("$");
  }

  /** Topics that go to rules only and to no subscriber. */
  static boolean basicIngest(String topic) {
    return BASIC_INGEST.matcher(topic).lookingAt();
  }

  /** Topics of the service's own, under which it offers its functions. */
  static boolean service(String topic) {
    return topic.startsWith("$aws/");
  }

  static boolean hasWildcard(String filter) {
    return filter.indexOf('+') >= 0 || filter.indexOf('#') >= 0;
  }

  /** What is wrong with a topic to publish on; empty when nothing is. */
  static Optional<String> topicFault(String topic) {
    if (hasWildcard(topic)) {
      return Optional.of("a topic to publish on holds no '+' and no '#'");
    }
    return lengthFault(topic);
  }

  /** What is wrong with a filter, except its size; empty when nothing is [MQTT-4.7.1]. */
  static Optional<String> filterFault(String filter) {
    String[] levels = filter.split("/", -1);
    for (int i = 0; i < levels.length; i++) {
      String level = levels[i];
      if (level.length() > 1 && hasWildcard(level)) {
        return Optional.of("a wildcard stands alone in its level");
      }
      if (level.equals("#") && i < levels.length - 1) {
        return Optional.of("'#' is the last level");
      }
    }
    return filter.isEmpty() || filter.indexOf('\0') >= 0
        ? Optional.of("a filter has at least one character and no NUL")
        : Optional.empty();
  }

  /** Whether topic or filter is longer or deeper than the service allows; empty when it is not. */
  static Optional<String> lengthFault(String topic) {
    if (topic.isEmpty() || topic.indexOf('\0') >= 0) {
      return Optional.of("a topic has at least one character and no NUL");
    }
    String counted = withoutBasicIngest(topic);
    int bytes = counted.getBytes(StandardCharsets.UTF_8).length;
    if (bytes > Quotas.TOPIC_BYTES) {
      return Optional.of("at most " + Quotas.TOPIC_BYTES + " bytes, found " + bytes);
    }
    long slashes = counted.chars().filter(c -> c == '/').count();
    return slashes > Quotas.TOPIC_SLASHES
        ? Optional.of("at most " + Quotas.TOPIC_SLASHES + " slashes, found " + slashes)
        : Optional.empty();
  }

  private static String withoutBasicIngest(String topic) {
    Matcher matcher = BASIC_INGEST.matcher(topic);
    return matcher.lookingAt() ? topic.substring(matcher.end()) : topic;
  }
}
