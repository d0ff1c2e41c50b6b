package io.snaprail.mqtt.internal.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TopicTemplateTest {
  private static String topic(String template, String device, String... variables) {
    Map<String, String> map = variables.length == 0 ? Map.of() : Map.of(variables[0], variables[1]);
    return TopicTemplate.parse(template, map).topic(device);
  }

  @Test
  void fillsInDeviceAndVariables() {
    assertThat(topic("snaprail/{{thing}}/{{ device }}/x", "boiler", "thing", "gw-7"))
        .isEqualTo("snaprail/gw-7/boiler/x");
    assertThat(topic("{{device}}-{{device}}", "a")).isEqualTo("a-a");
    assertThat(topic("fixed", "a")).isEqualTo("fixed");
  }

  @Test
  void unknownVariableIsNamedWithTemplatePositionAndThoseThatAreKnown() {
    assertThatThrownBy(() -> topic("a/{{iccid}}/b", "d", "thing", "x"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "topic 'a/{{iccid}}/b', position 3: expected one of device, thing, found"
                + " '{{iccid}}'");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a/+/b", "a/#", "a/{{device", "a}}/b", "a/\0/b", "a/{{}}/b", ""})
  void malformedTemplateIsRefused(String template) {
    assertThatThrownBy(() -> topic(template, "d"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("topic '" + template + "'")
        .hasMessageContaining("expected");
  }

  // MQTT 3.1.1, 4.7.1: wildcards must not stand in a topic name.
  @ParameterizedTest
  @ValueSource(strings = {"a+b", "#", "a\0b", "a\nb", ""})
  void valueThatCannotStandInATopicIsRefused(String value) {
    assertThatThrownBy(() -> topic("a/{{thing}}", "d", "thing", value))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("thing");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a+b", "a#", "a\0b"})
  void deviceNameWithWildcardOrNulIsRefused(String device) {
    assertThatThrownBy(() -> topic("t/{{device}}", device))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("device '" + device + "'");
  }

  @Test
  void slashInDeviceNameAddsNoLevel() {
    assertThat(topic("t/{{device}}/u", "hall/boiler")).isEqualTo("t/hall_boiler/u");
  }

  // AWS IoT Core, Basic Ingest: the limits do not count the prefix.
  @Test
  void prefixOfBasicIngestDoesNotCount() {
    String rule = "$aws/rules/" + "r".repeat(60) + "/";
    assertThat(topic(rule + "{{device}}", "x".repeat(256))).hasSize(256 + rule.length());
    assertThatThrownBy(() -> topic(rule + "{{device}}", "x".repeat(257)))
        .hasMessageContaining("found 257");
    assertThatThrownBy(() -> topic(rule + "{{thing}}", "d", "thing", ""))
        .hasMessageContaining("thing");
  }

  @Test
  void lengthCountsInBytesOfUtf8() {
    assertThat(topic("{{device}}", "x".repeat(256))).hasSize(256);
    assertThatThrownBy(() -> topic("{{device}}", "ü".repeat(129)))
        .hasMessageContaining("expected 1..256 bytes, found 258");
    assertThatThrownBy(() -> TopicTemplate.parse("x".repeat(256) + "{{device}}", Map.of()))
        .hasMessageContaining("found 257");
  }
}
