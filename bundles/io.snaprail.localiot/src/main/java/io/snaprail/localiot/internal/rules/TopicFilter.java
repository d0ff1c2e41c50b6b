package io.snaprail.localiot.internal.rules;

import java.util.List;

/**
 * A topic filter of a rule (MQTT 3.1.1 section 4.7).
 *
 * @param levels split at the slashes
 */
record TopicFilter(List<String> levels) {
  TopicFilter {
    levels = List.copyOf(levels);
  }

  static TopicFilter of(String filter) throws RuleException {
    List<String> levels = List.of(filter.split("/", -1));
    for (int i = 0; i < levels.size(); i++) {
      String level = levels.get(i);
      boolean wild = level.contains("+") || level.contains("#");
      if ((wild && level.length() > 1) || (level.equals("#") && i < levels.size() - 1)) {
        throw RuleException.sql(
            "FROM '" + filter + "': a wildcard stands alone in its level, and '#' is the last one");
      }
    }
    if (filter.isEmpty()) {
      throw RuleException.sql("FROM: expected a topic filter, found nothing");
    }
    return new TopicFilter(levels);
  }

  /** Whether a topic is meant. Wildcards in front mean no reserved topics [MQTT-4.7.2-1]. */
  boolean matches(String topic) {
    String first = levels.get(0);
    if (topic.startsWith("$") && (first.equals("+") || first.equals("#"))) {
      return false;
    }
    String[] names = topic.split("/", -1);
    for (int i = 0; i < levels.size(); i++) {
      String level = levels.get(i);
      if (level.equals("#")) {
        return true;
      }
      if (i >= names.length || !(level.equals("+") || level.equals(names[i]))) {
        return false;
      }
    }
    return names.length == levels.size();
  }
}
