package io.snaprail.driver.modbus.internal.transport;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LatenciesTest {
  private final Latencies latencies = new Latencies();

  @Test
  void nothingIsKnownBeforeTheFirstAnswer() {
    assertThat(latencies.percentiles(50, 99)).containsExactly(Double.NaN, Double.NaN);
  }

  @Test
  void percentilesAreThoseOfTheValues() {
    for (int i = 100; i >= 1; i--) {
      latencies.add(i * 1_000_000L);
    }
    assertThat(latencies.percentiles(1, 50, 99, 100)).containsExactly(1e6, 50e6, 99e6, 100e6);
  }

  @Test
  void theOldestAreForgotten() {
    latencies.add(1_000_000_000L);
    for (int i = 0; i < 256; i++) {
      latencies.add(1_000_000);
    }
    assertThat(latencies.percentiles(100)).containsExactly(1e6);
  }
}
