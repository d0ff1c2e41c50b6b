package io.snaprail.localiot.internal.limits;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;

class LimitedLogTest {
  private final List<String> lines = new ArrayList<>();
  private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 5);
  private final LimitedLog log = new LimitedLog(recorder(), now::get);

  private Logger recorder() {
    return (Logger)
        Proxy.newProxyInstance(
            getClass().getClassLoader(),
            new Class<?>[] {Logger.class},
            (proxy, method, arguments) -> lines.add((String) arguments[0]));
  }

  @Test
  void logsEachKindOnceAMinuteAndCountsTheRest() {
    log.warn("a", "first");
    log.warn("a", "second");
    log.warn("b", "other");
    log.warn("a", "third");
    now.addAndGet(LimitedLog.PERIOD.toNanos());
    log.warn("a", "fourth");

    assertThat(lines).containsExactly("first", "other", "fourth (and 2 times before)");
  }

  @Test
  void letsNoClientMakeLinesOfItsOwnOrLongOnes() {
    log.warn("a", "client 'x\n12:00:00 ERROR forged'");
    log.warn("b", "y".repeat(10_000));

    assertThat(lines.get(0)).isEqualTo("client 'x\\u000a12:00:00 ERROR forged'");
    assertThat(lines.get(1)).hasSizeLessThan(500);
  }
}
