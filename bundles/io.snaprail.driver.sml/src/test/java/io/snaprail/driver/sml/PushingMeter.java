package io.snaprail.driver.sml;

import io.snaprail.testkit.serial.ScriptedPort;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** A meter that sends by itself, faster than true ones. */
final class PushingMeter implements AutoCloseable {
  private final ScheduledExecutorService clock =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "test-meter");
            thread.setDaemon(true);
            return thread;
          });
  final ScriptedPort port = new ScriptedPort((heard, line) -> new byte[0]);
  volatile byte[] telegram;

  PushingMeter(byte[] telegram) {
    this.telegram = telegram;
    clock.scheduleAtFixedRate(() -> port.say(this.telegram), 0, 20, TimeUnit.MILLISECONDS);
  }

  @Override
  public void close() {
    clock.shutdownNow();
  }
}
