package io.snaprail.localiot.internal;

import static org.awaitility.Awaitility.await;

import io.snaprail.localiot.internal.limits.Rules;
import io.snaprail.localiot.internal.registry.Arns;
import io.snaprail.localiot.internal.setup.DemoSettings;
import io.snaprail.localiot.testing.RecordingBoard;
import io.snaprail.localiot.testing.TestPki;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Objects;

/** The endpoint as a whole with its demo thing, for clients that nobody here wrote. */
final class RunningEndpoint implements AutoCloseable {
  static final String THING = "snaprail-demo";

  final RecordingBoard board = new RecordingBoard();
  final TestPki pki;
  final Endpoint endpoint;

  /** With all rules of AWS. */
  RunningEndpoint(Path folder) {
    this(folder, true);
  }

  RunningEndpoint(Path folder, boolean strict) {
    pki = new TestPki(folder.resolve("pki"));
    EndpointSettings settings =
        new EndpointSettings(
            "127.0.0.1",
            0,
            new Arns("local", "123456789012"),
            new DemoSettings(THING, "demo", List.of("{{thing}}/*")),
            new Rules(strict, 5),
            0);
    endpoint =
        new Endpoint(
            "test",
            settings,
            new Endpoint.Environment(
                pki, pki, board, Clock.systemUTC(), folder.resolve("localiot"), "config/x.json"));
    endpoint.start();
    await().until(() -> endpoint.ready() && endpoint.restPort() > 0);
  }

  int port() {
    return endpoint.port();
  }

  Services services() {
    return Objects.requireNonNull(endpoint.services());
  }

  @Override
  public void close() {
    endpoint.close();
  }
}
