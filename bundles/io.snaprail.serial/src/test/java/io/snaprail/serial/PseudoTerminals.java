package io.snaprail.serial;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Two terminals that are each other's far end, by socat; links to them have the names given. */
final class PseudoTerminals implements AutoCloseable {
  private final Process socat;

  PseudoTerminals(Path first, Path second) throws IOException {
    Programs.require("socat", "socat");
    socat =
        new ProcessBuilder("socat", "pty,rawer,link=" + first, "pty,rawer,link=" + second)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    await()
        .atMost(Duration.ofSeconds(30))
        .pollInterval(Duration.ofMillis(5))
        .until(() -> Files.exists(first) && Files.exists(second));
  }

  /** The port vanishes: socat takes its links away too. */
  @Override
  public void close() {
    socat.destroy();
    try {
      if (!socat.waitFor(5, TimeUnit.SECONDS)) {
        socat.destroyForcibly();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
