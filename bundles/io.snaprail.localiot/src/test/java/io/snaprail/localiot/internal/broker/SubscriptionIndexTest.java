package io.snaprail.localiot.internal.broker;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** MQTT 3.1.1 section 4.7, with AWS IoT Core's difference in what {@code #} matches. */
class SubscriptionIndexTest {
  private final SubscriptionIndex<String> index = new SubscriptionIndex<>();

  @ParameterizedTest
  @CsvSource({
    "a/b,            a/b,            true",
    "a/b,            a/B,            false",
    "a/b,            a,              false",
    "a,              a/b,            false",
    "+,              a,              true",
    "+,              /a,             false",
    "/+,             /a,             true",
    "+/+,            /a,             true",
    "+,              a/b,            false",
    "a/+,            a/,             true",
    "a/+,            a,              false",
    "a/+/c,          a/b/c,          true",
    "a/+/c,          a/b/d,          false",
    "#,              a/b/c,          true",
    "a/#,            a/b/c,          true",
    "a/#,            a/,             true",
    "a/+/#,          a/b/c/d,        true",
    "a/+/#,          a/b,            false", // as below: AWS wants one level more
    // AWS IoT Core developer guide, "Topic filters": sensor/# does not match sensor, where MQTT
    // 3.1.1 section 4.7.1.2 would.
    "sensor/#,       sensor,         false",
    "sensor/#,       sensor/temp,    true",
    // [MQTT-4.7.2-1]
    "#,              $aws/things/x,  false",
    "+/things/x,     $aws/things/x,  false",
    "$aws/#,         $aws/things/x,  true",
    "$aws/things/+,  $aws/things/x,  true",
  })
  void matches(String filter, String topic, boolean expected) {
    index.add(filter, "subscriber", 1);

    assertThat(index.match(topic).containsKey("subscriber")).isEqualTo(expected);
  }

  @Test
  void overlappingSubscriptionsDeliverOnceWithTheHighestQos() {
    index.add("a/+", "subscriber", 0);
    index.add("a/b", "subscriber", 1);
    index.add("#", "subscriber", 0);
    index.add("#", "other", 0);

    assertThat(index.match("a/b")).isEqualTo(Map.of("subscriber", 1, "other", 0));
  }

  @Test
  void keepsNothingOfWhatIsRemoved() {
    index.add("a/b/c", "one", 1);
    index.add("a/+/#", "one", 1);
    index.add("a/b", "two", 0);

    index.remove("a/b/c", "one");
    index.remove("a/+/#", "one");
    index.remove("never/there", "one");

    assertThat(index.match("a/b/c")).isEmpty();
    assertThat(index.match("a/b")).containsOnlyKeys("two");
    index.remove("a/b", "two");
    assertThat(index.isEmpty()).isTrue();
  }
}
