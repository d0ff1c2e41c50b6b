package io.snaprail.core.internal.poller;

import static org.assertj.core.api.Assertions.assertThat;

import io.snaprail.api.model.Value;
import org.junit.jupiter.api.Test;

class SamenessTest {
  private static boolean holds(Value held, Value written) {
    return Sameness.holds("float32", held, written);
  }

  @Test
  void comparesWholeNumbersExactly() {
    long large = (1L << 53) + 1;
    assertThat(holds(new Value.Int(large), new Value.Int(large))).isTrue();
    // As doubles these two are equal.
    assertThat(holds(new Value.Int(large), new Value.Int(large - 1))).isFalse();
  }

  @Test
  void comparesSinglePrecisionAsTheDeviceHoldsIt() {
    assertThat(holds(new Value.Float32(0.1f), new Value.Float64(0.1))).isTrue();
    assertThat(holds(new Value.Float32(16_777_216f), new Value.Int(16_777_217))).isTrue();
    assertThat(holds(new Value.Float32(Math.nextUp(0.1f)), new Value.Float64(0.1))).isFalse();
    assertThat(holds(new Value.Float64(0.1), new Value.Float64(0.1))).isTrue();
    assertThat(holds(new Value.Float64(0.1f), new Value.Float64(0.1))).isFalse();
  }

  @Test
  void comparesHalfPrecisionAsTheDeviceHoldsItWhereTheTypeSaysSo() {
    // IEEE 754 binary16: the nearest to 0.1 is 0.0999755859375, the next 0.10003662109375.
    Value.Float64 written = new Value.Float64(0.1);
    assertThat(Sameness.holds("float16", new Value.Float32(Math.scalb(1638f, -14)), written))
        .isTrue();
    assertThat(Sameness.holds("float16", new Value.Float32(Math.scalb(1639f, -14)), written))
        .isFalse();
    assertThat(Sameness.holds("float32", new Value.Float32(Math.scalb(1638f, -14)), written))
        .isFalse();
    // A device that has ignored a small step of a setpoint.
    assertThat(holds(new Value.Float32(100), new Value.Float64(100.02))).isFalse();
  }

  @Test
  void takesAOneForOnAndLeavesPaddingOutOfTexts() {
    assertThat(holds(new Value.Bool(true), new Value.Int(1))).isTrue();
    assertThat(holds(new Value.Bool(false), new Value.Bool(true))).isFalse();
    assertThat(holds(new Value.Text("AB\0\0"), new Value.Text("AB"))).isTrue();
    assertThat(holds(new Value.Text("AC"), new Value.Text("AB"))).isFalse();
  }
}
