package io.snaprail.mqtt.internal.session;

import java.nio.charset.StandardCharsets;

/** Topic filters: MQTT 3.1.1, 4.7. */
final class TopicFilter {
  private static final int MAX_BYTES = 65_535;

  private TopicFilter() {}

  /** Checks a filter; the message says what is wrong. */
  static void check(String filter) {
    if (filter.isEmpty() || filter.getBytes(StandardCharsets.UTF_8).length > MAX_BYTES) {
      throw wrong(filter, "1..65535 bytes");
    }
    if (filter.indexOf('\0') >= 0) {
      throw wrong(filter, "no NUL character");
    }
    String[] levels = filter.split("/", -1);
    for (int i = 0; i < levels.length; i++) {
      String level = levels[i];
      if (level.contains("#") && (level.length() > 1 || i < levels.length - 1)) {
        throw wrong(filter, "'#' alone as the last level");
      }
      if (level.contains("+") && level.length() > 1) {
        throw wrong(filter, "'+' alone in its level");
      }
    }
  }

  /** Whether a topic falls under a filter. */
  static boolean matches(String filter, String topic) {
    String[] want = filter.split("/", -1);
    String[] have = topic.split("/", -1);
    // 4.7.2: wildcards at the start do not match topics of the broker's own.
    if (topic.startsWith("$") && (want[0].equals("+") || want[0].equals("#"))) {
      return false;
    }
    for (int i = 0; i < want.length; i++) {
      if (want[i].equals("#")) {
        return true;
      }
      if (i >= have.length || !(want[i].equals("+") || want[i].equals(have[i]))) {
        return false;
      }
    }
    return want.length == have.length;
  }

  private static IllegalArgumentException wrong(String filter, String expected) {
    return new IllegalArgumentException(
        "topic filter: expected " + expected + ", found '" + filter + "'");
  }
}
