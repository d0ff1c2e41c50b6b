package io.snaprail.console.internal.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

/** Prometheus text format 0.0.4. */
class MetricsTextTest {
  private final MetricsText text = new MetricsText();

  @Test
  void keepsTheSamplesOfAFamilyTogether() {
    text.counter("b_total", "Bs.", 1, "device", "x");
    text.gauge("a", "As.", 2.5);
    text.counter("b_total", "Bs, said otherwise.", 3, "device", "y");

    assertThat(text.text())
        .isEqualTo(
            """
            # HELP a As.
            # TYPE a gauge
            a 2.5
            # HELP b_total Bs.
            # TYPE b_total counter
            b_total{device="x"} 1
            b_total{device="y"} 3
            """);
  }

  @Test
  void escapesHelpAndLabels() {
    text.gauge("a", "line\nback\\slash \"q\"", 0, "l", "q\" b\\ n\n");

    assertThat(text.text())
        .isEqualTo(
            "# HELP a line\\nback\\\\slash \"q\"\n# TYPE a gauge\na{l=\"q\\\" b\\\\ n\\n\"} 0\n");
  }

  @Test
  void writesNumbersAsPrometheusReadsThem() {
    text.gauge("a", "", Double.POSITIVE_INFINITY);
    text.gauge("b", "", Double.NEGATIVE_INFINITY);
    text.gauge("c", "", Double.NaN);
    text.gauge("d", "", 1234567890123.0);
    text.gauge("e", "", 0.1);

    assertThat(text.text().lines().filter(line -> !line.startsWith("#")))
        .containsExactly("a +Inf", "b -Inf", "c NaN", "d 1234567890123", "e 0.1");
  }

  @Test
  void refusesWhatWouldSpoilThePage() {
    assertThatThrownBy(() -> text.gauge("a b", "", 1)).hasMessageContaining("a b");
    assertThatThrownBy(() -> text.gauge("a", "", 1, "l-x", "v")).hasMessageContaining("l-x");
    assertThatThrownBy(() -> text.gauge("a", "", 1, "l")).hasMessageContaining("no value");
    text.counter("c", "", 1);
    assertThatThrownBy(() -> text.gauge("c", "", 1)).hasMessageContaining("counter");
  }
}
