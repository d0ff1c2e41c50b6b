package io.snaprail.driver.modbus.internal.nio;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class IoLoopTest {
  private final IoLoop loop = new IoLoop();

  @AfterEach
  void close() {
    loop.close();
  }

  @Test
  void timersRunInTheOrderOfTheirTimes() throws Exception {
    List<String> ran = new ArrayList<>();
    CountDownLatch all = new CountDownLatch(2);
    long now = System.nanoTime();
    loop.set(timer(ran, "second", all), now + TimeUnit.MILLISECONDS.toNanos(40));
    loop.set(timer(ran, "first", all), now + TimeUnit.MILLISECONDS.toNanos(20));

    assertThat(all.await(10, TimeUnit.SECONDS)).isTrue();
    assertThat(ran).containsExactly("first", "second");
  }

  private static IoLoop.Timer timer(List<String> ran, String name, CountDownLatch all) {
    return new IoLoop.Timer(
        () -> {
          ran.add(name);
          all.countDown();
        });
  }

  @Test
  void theEndRunsWhatIsStillSet() {
    AtomicInteger ran = new AtomicInteger();
    loop.set(new IoLoop.Timer(ran::incrementAndGet), System.nanoTime() + TimeUnit.HOURS.toNanos(1));

    loop.close();

    assertThat(ran).hasValue(1);
  }

  @Test
  void afterTheEndATimerIsRefusedAndATaskRunsAtOnce() {
    AtomicInteger ran = new AtomicInteger();
    loop.close();

    assertThat(loop.set(new IoLoop.Timer(ran::incrementAndGet), System.nanoTime())).isFalse();
    assertThat(ran).hasValue(0);
    loop.execute(ran::incrementAndGet);
    assertThat(ran).hasValue(1);
  }

  @Test
  void whatFailsEndsNothing() throws Exception {
    CountDownLatch second = new CountDownLatch(1);
    loop.execute(
        () -> {
          throw new AssertionError("thrown on purpose");
        });
    loop.execute(second::countDown);

    assertThat(second.await(10, TimeUnit.SECONDS)).isTrue();
  }
}
