package io.snaprail.mqtt.internal.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** MQTT 3.1.1, 4.7. */
class TopicFilterTest {
  @ParameterizedTest
  @CsvSource({
    "a/b,a/b",
    "a/+,a/b",
    "a/+,a/",
    "+/+,/finance",
    "/+,/finance",
    "#,a/b/c",
    "a/#,a",
    "a/#,a/b/c",
    "$aws/things/+/shadow/#,$aws/things/t/shadow/get/accepted"
  })
  void matches(String filter, String topic) {
    TopicFilter.check(filter);
    assertThat(TopicFilter.matches(filter, topic)).isTrue();
  }

  @ParameterizedTest
  @CsvSource({"a/b,a/c", "a/+,a", "a/+,a/b/c", "+,/finance", "a/b,a/b/c", "#,$SYS/x", "+/x,$SYS/x"})
  void matchesNot(String filter, String topic) {
    assertThat(TopicFilter.matches(filter, topic)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a#", "#/a", "a/b+", "a/\0"})
  void refusesMalformedFilters(String filter) {
    assertThatThrownBy(() -> TopicFilter.check(filter))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("topic filter: expected");
  }

  @Test
  void topicLevelsAreComparedWhole() {
    assertThat(TopicFilter.matches("a/b", "a/bc")).isFalse();
  }
}
