package io.snaprail.mqtt;

import io.snaprail.mqtt.internal.telemetry.TopicTemplate;
import java.util.HashMap;
import java.util.Map;

/** The topic on which a gateway says whether it is there: one for all of its devices. */
final class PresenceTopic {
  private static final String KEY = "presence.topic: ";

  private PresenceTopic() {}

  /**
   * Fills a template.
   *
   * @throws IllegalArgumentException when it is wrong; the message names key, expected and found
   */
  static String fill(String template, String uplink, Map<String, String> variables) {
    Map<String, String> names = new HashMap<>();
    names.put("uplink", uplink);
    names.put("gateway", HostName.get());
    names.putAll(variables);
    try {
      TopicTemplate topic = TopicTemplate.parse(template, names);
      String filled = topic.topic("a");
      if (!filled.equals(topic.topic("b"))) {
        throw new IllegalArgumentException(
            "expected no {{device}}, as it stands for the whole gateway, found '" + template + "'");
      }
      return filled;
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(KEY + e.getMessage(), e);
    }
  }
}
