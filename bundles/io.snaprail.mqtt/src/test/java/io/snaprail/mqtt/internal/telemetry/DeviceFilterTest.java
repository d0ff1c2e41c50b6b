package io.snaprail.mqtt.internal.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class DeviceFilterTest {
  @Test
  void noGlobSelectsEverything() {
    assertThat(new DeviceFilter(List.of()).selects("any")).isTrue();
  }

  @Test
  void globsSelectByName() {
    DeviceFilter filter = new DeviceFilter(List.of("boiler-*", "p?", "a.b"));
    assertThat(List.of("boiler-", "boiler-7", "p1", "a.b")).allMatch(filter::selects);
    assertThat(List.of("boiler", "xboiler-7", "p", "p12", "aXb")).noneMatch(filter::selects);
  }
}
