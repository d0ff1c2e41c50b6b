package io.snaprail.localiot.internal.broker;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** MQTT 3.1.1 section 4.7 and AWS IoT Core's quotas for topics. */
class TopicsTest {

  @ParameterizedTest
  @CsvSource({
    "a/b,            true",
    "/,              true",
    "a//b,           true",
    "a/b/c/d/e/f/g/h, true", // 7 slashes
    "a/b/c/d/e/f/g/h/i, false",
    "a/+/b,          false",
    "a/#,            false",
    "'',             false",
    // The Basic Ingest prefix does not count.
    "$aws/rules/r/a/b/c/d/e/f/g/h, true",
    "$aws/rules/r/a/b/c/d/e/f/g/h/i, false",
  })
  void topicsToPublishOn(String topic, boolean valid) {
    assertThat(Topics.topicFault(topic).isEmpty()).isEqualTo(valid);
  }

  @ParameterizedTest
  @CsvSource({
    "#,        true",
    "+,        true",
    "a/+/b/#,  true",
    "/+,       true",
    "a/b,      true",
    "'a/#/b',  false", // [MQTT-4.7.1-2]
    "a#,       false",
    "a/b#,     false",
    "a+/b,     false", // [MQTT-4.7.1-3]
    "a/+b,     false",
    "'',       false", // [MQTT-4.7.3-1]
  })
  void filters(String filter, boolean valid) {
    assertThat(Topics.filterFault(filter).isEmpty()).isEqualTo(valid);
  }

  // AWS counts bytes of UTF-8, not characters.
  @Test
  void topicsHaveAtMost256Bytes() {
    assertThat(Topics.topicFault("a".repeat(256))).isEmpty();
    assertThat(Topics.topicFault("a".repeat(257))).isPresent();
    assertThat(Topics.topicFault("ä".repeat(128))).isEmpty();
    assertThat(Topics.topicFault("ä".repeat(129))).isPresent();
    assertThat(Topics.topicFault("$aws/rules/r/" + "a".repeat(256))).isEmpty();
  }
}
