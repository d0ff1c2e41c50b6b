package io.snaprail.mqtt.internal.paho;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class FenceTest {
  private final Fence fence = new Fence();
  private final List<String> read = new ArrayList<>();

  private void send(String name) {
    fence.sent(failure -> read.add(name));
  }

  @Test
  void answerCoversWhatWasSentBeforeItWasAskedForAndNothingElse() {
    send("a");
    send("b");
    assertThat(fence.raise()).isTrue();
    send("late");
    fence.passed();
    assertThat(read).containsExactly("a", "b");
  }

  @Test
  void oneAnswerIsAskedForAtATimeAndNoneForNothing() {
    assertThat(fence.raise()).isFalse();
    send("a");
    assertThat(fence.raise()).isTrue();
    send("b");
    assertThat(fence.raise()).isFalse();
    fence.passed();
    assertThat(fence.raise()).isTrue();
    fence.passed();
    assertThat(read).containsExactly("a", "b");
    assertThat(fence.raise()).isFalse();
  }
}
