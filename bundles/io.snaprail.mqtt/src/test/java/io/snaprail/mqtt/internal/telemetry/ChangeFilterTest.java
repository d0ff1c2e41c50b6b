package io.snaprail.mqtt.internal.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.snaprail.api.model.Sample;
import io.snaprail.api.model.SampleBatch;
import io.snaprail.api.model.Value;
import io.snaprail.api.mqtt.Selection;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ChangeFilterTest {
  private static final Instant T = Instant.EPOCH;

  private final AtomicLong time = new AtomicLong();
  private ChangeFilter filter = filter("changes");
  private long sequence;

  private ChangeFilter filter(String send) {
    return new ChangeFilter(Selection.of(send, 0.5, 60, 10), time::get);
  }

  private List<String> sent(Sample... samples) {
    SampleBatch changed = filter.changed(new SampleBatch("d", ++sequence, T, List.of(samples)));
    return changed == null ? List.of() : changed.samples().stream().map(Sample::point).toList();
  }

  private static Sample number(String point, double value) {
    return Sample.good(point, new Value.Float64(value), T);
  }

  @Test
  void numbersAreSentWhenTheyLeaveTheDeadbandAroundWhatWasSent() {
    assertThat(sent(number("a", 1), number("b", 1))).containsExactly("a", "b");
    assertThat(sent(number("a", 1.4), number("b", 1.6))).containsExactly("b");
    // Slow drift adds up: it is held against what was sent, not what was read.
    assertThat(sent(number("a", 1.5), number("b", 1.6))).isEmpty();
    assertThat(sent(number("a", 1.51), number("b", 1.6))).containsExactly("a");
  }

  @Test
  void textsTruthAndQualityAreSentOnEveryChange() {
    Sample text = Sample.good("t", new Value.Text("on"), T);
    assertThat(sent(text, Sample.good("f", new Value.Bool(true), T))).hasSize(2);
    assertThat(sent(text, Sample.good("f", new Value.Bool(false), T))).containsExactly("f");
    assertThat(sent(Sample.bad("t", "no answer", T))).containsExactly("t");
    assertThat(sent(Sample.bad("t", "no answer", T))).isEmpty();
    assertThat(sent(Sample.bad("t", "refused", T))).containsExactly("t");
    assertThat(sent(text)).containsExactly("t");
  }

  @Test
  void everythingIsSentAgainAfterTheRefresh() {
    assertThat(sent(number("a", 1))).containsExactly("a");
    time.set(Duration.ofMillis(59_700).toNanos());
    assertThat(sent(number("a", 1))).isEmpty();
    time.set(Duration.ofSeconds(60).toNanos());
    assertThat(sent(number("a", 1))).containsExactly("a");
  }

  @Test
  void allValuesAreSentOnceInEachPeriodWhateverTheCycle() {
    filter = filter("period");
    List<Integer> seconds = new ArrayList<>();
    List<Integer> ofOthers = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      // A cycle each second, some ms late or early, of two groups of points; one every 5 s only.
      time.set(Duration.ofMillis(i * 1000L + (3 - i % 7) * 10L).toNanos());
      if (!sent(number("a", i)).isEmpty()) {
        seconds.add(i);
      }
      if (i % 5 == 0 && !sent(number("b", i)).isEmpty()) {
        ofOthers.add(i);
      }
    }
    assertThat(seconds).containsExactly(0, 10, 20, 30, 40, 50);
    assertThat(ofOthers).containsExactly(0, 10, 20, 30, 40, 50);
  }

  @Test
  void bothSendsChangesAtOnceAndAllEachPeriod() {
    filter = filter("both");
    assertThat(sent(number("a", 1), number("b", 1))).containsExactly("a", "b");
    assertThat(sent(number("a", 1), number("b", 2))).containsExactly("b");
    time.set(Duration.ofSeconds(10).toNanos());
    assertThat(sent(number("a", 1), number("b", 2))).containsExactly("a", "b");
  }

  @Test
  void settingsAreChecked() {
    assertThatThrownBy(() -> Selection.of("never", 0, 0, 60))
        .hasMessage("send: expected every, changes, period or both, found 'never'");
    assertThatThrownBy(() -> Selection.of("changes", -1, 0, 60))
        .hasMessageContaining("send.deadband");
    assertThatThrownBy(() -> Selection.of("every", Double.NaN, 0, 60))
        .hasMessageContaining("send.deadband");
    assertThatThrownBy(() -> Selection.of("changes", 0, -1, 60))
        .hasMessageContaining("send.refresh.s");
    assertThatThrownBy(() -> Selection.of("both", 0, 0, 0))
        .hasMessage("send.period.s: expected 1..86400, found '0'");
  }
}
