package io.snaprail.core.internal.poller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.snaprail.api.driver.DriverException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Devices that block their workers, many more than there are workers, beside some that live. */
class WorkersTest {
  private static final Duration PERIOD = Duration.ofMillis(20);
  private static final int DEAD = 200;

  private final Poller poller = new Poller(Clock.systemUTC(), Workers.bounded());
  private final CountDownLatch held = new CountDownLatch(1);
  private final List<FakeDevice> dead = new ArrayList<>();

  @AfterEach
  void stop() {
    held.countDown();
    poller.close();
  }

  private Poller.Placement add(FakeDevice device) {
    var settings =
        new PolledDevice.Settings(
            "d" + device.bus(), Duration.ofSeconds(1), PERIOD, PERIOD, false, new AtomicLong());
    return poller.add(
        device, settings, Map.of(PERIOD, Points.of("x,1,int16")), new Recorder(), error -> {});
  }

  private List<FakeDevice> living() {
    List<FakeDevice> living = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      living.add(new FakeDevice("living" + i));
      add(living.get(i));
    }
    await().until(() -> living.stream().allMatch(device -> device.reads.get() >= 1));
    return living;
  }

  private static void awaitReads(List<FakeDevice> devices, int more) {
    int[] before = devices.stream().mapToInt(device -> device.reads.get()).toArray();
    for (int i = 0; i < before.length; i++) {
      FakeDevice device = devices.get(i);
      int enough = before[i] + more;
      await().until(() -> device.reads.get() >= enough);
    }
  }

  private long inside() {
    return dead.stream().filter(device -> device.waiting.get() > 0).count();
  }

  @Test
  void keepsThreeQuartersForOthersWhileDevicesThatAreAwayBlockTheirs() {
    for (int i = 0; i < DEAD; i++) {
      FakeDevice device = new FakeDevice("dead" + i);
      device.failure = DriverException.unreachable("away", null);
      dead.add(device);
      add(device);
    }
    List<FakeDevice> living = living();
    await().until(() -> dead.stream().allMatch(device -> device.reads.get() >= 1));
    dead.forEach(device -> device.gate = held);
    await().until(() -> inside() >= 16);
    awaitReads(living, 10);
    assertThat(inside()).isEqualTo(16);
    // Nobody who waits for a worker is forgotten.
    held.countDown();
    awaitReads(dead, 2);
  }

  @Test
  void keepsHalfForOthersWhileDevicesThatNobodyHasSeenYetBlockTheirs() {
    List<FakeDevice> living = living();
    for (int i = 0; i < DEAD; i++) {
      FakeDevice device = new FakeDevice("new" + i);
      device.gate = held;
      dead.add(device);
      add(device);
    }
    await().until(() -> inside() >= 32);
    awaitReads(living, 10);
    assertThat(inside()).isEqualTo(32);
    held.countDown();
    await().until(() -> dead.stream().allMatch(device -> device.reads.get() >= 1));
  }
}
