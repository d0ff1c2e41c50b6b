package io.snaprail.serial;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.snaprail.api.serial.SerialException;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** A call in a thread of its own, which is to fail. */
final class Background {
  private final AtomicReference<@Nullable Throwable> thrown = new AtomicReference<>();
  private final Thread thread;

  Background(Call call) {
    thread =
        new Thread(
            () -> {
              try {
                call.run();
              } catch (Exception e) {
                thrown.set(e);
              }
            },
            "snaprail-test-background");
    thread.setDaemon(true);
    thread.start();
  }

  /** What runs in the background. */
  interface Call {
    void run() throws Exception;
  }

  /** Waits until the thread is within a method for some polls in a row. */
  void awaitIn(String method) {
    await()
        .pollInterval(Duration.ofMillis(5))
        .during(Duration.ofMillis(30))
        .until(
            () ->
                Arrays.stream(thread.getStackTrace())
                    .anyMatch(frame -> frame.getMethodName().equals(method)));
  }

  SerialException failure() throws InterruptedException {
    thread.join(5000);
    assertThat(thread.isAlive()).as("the call still runs").isFalse();
    assertThat(thrown.get()).isInstanceOf(SerialException.class);
    return (SerialException) thrown.get();
  }
}
