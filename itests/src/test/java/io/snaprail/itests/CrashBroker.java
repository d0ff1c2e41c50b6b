package io.snaprail.itests;

import static org.awaitility.Awaitility.await;

import io.snaprail.testkit.peer.OpenSsl;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Debian's Mosquitto, which goes up and down, and mosquitto_sub, which writes down all that comes.
 * The gateway reaches it through a door that opens only when the subscriber is there again, as a
 * killed broker forgets subscriptions. The subscriber takes QoS 0: a broker that is killed while
 * there are answers which it has not read would cut off what is on the way.
 */
final class CrashBroker implements AutoCloseable {
  private static final Path MOSQUITTO = Path.of("/usr/sbin/mosquitto");
  private static final Duration SOON = Duration.ofSeconds(30);

  final int port = Ports.stable();
  final Path received;
  private final int tlsPort = Ports.stable();
  private final int plainPort = Ports.stable();
  private final Path config;
  private final Random random;
  private Program broker;
  private Program door;
  private Process subscriber;
  private Thread disturber;
  private CountDownLatch calm;
  private int outages;

  CrashBroker(Path folder, OpenSsl authority, Random random) throws Exception {
    Program.require(MOSQUITTO, "mosquitto");
    Program.require(Path.of("/usr/bin/mosquitto_sub"), "mosquitto-clients");
    Program.require(Path.of("/usr/bin/socat"), "socat");
    this.random = random;
    authority.issue("broker", "subjectAltName=DNS:localhost\n");
    received = folder.resolve("received");
    config = folder.resolve("mosquitto.conf");
    Files.writeString(
        config,
        """
        user root
        per_listener_settings true
        persistence false
        max_inflight_messages 0
        max_queued_messages 0
        log_dest stderr
        log_type subscribe
        listener %d 127.0.0.1
        allow_anonymous true
        listener %d 127.0.0.1
        allow_anonymous true
        cafile %s
        certfile %s
        keyfile %s
        require_certificate true
        """
            .formatted(
                plainPort,
                tlsPort,
                authority.file("ca.pem"),
                authority.file("broker.pem"),
                authority.file("broker.key")));
  }

  /** How often it was away or did not answer. */
  int outages() {
    return outages;
  }

  void start() throws IOException {
    broker = Program.start(MOSQUITTO, "-c", config);
    if (subscriber == null) {
      await().atMost(SOON).until(() -> Ports.answers(plainPort));
      subscriber =
          new ProcessBuilder(
                  "/usr/bin/mosquitto_sub",
                  "-h",
                  "127.0.0.1",
                  "-p",
                  "" + plainPort,
                  "-i",
                  "recorder",
                  "-q",
                  "0",
                  "-t",
                  "crash/#",
                  "-F",
                  "%U %p")
              .redirectOutput(received.toFile())
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
    }
    await().atMost(SOON).until(() -> broker.line("recorder 0 crash/#") != null);
    door =
        Program.start(
            "/usr/bin/socat",
            "TCP-LISTEN:" + port + ",bind=127.0.0.1,reuseaddr,fork,backlog=16",
            "TCP:127.0.0.1:" + tlsPort);
  }

  private void stop(boolean orderly) throws InterruptedException {
    door.process().toHandle().destroyForcibly();
    if (orderly) {
      broker.process().toHandle().destroy();
    } else {
      broker.process().toHandle().destroyForcibly();
    }
    if (!broker.process().waitFor(10, TimeUnit.SECONDS)) {
      throw new AssertionError("the broker does not end: " + broker.lines());
    }
  }

  /** From now on it goes up and down. */
  void disturb() {
    CountDownLatch until = new CountDownLatch(1);
    calm = until;
    disturber = new Thread(() -> disturb(until), "disturber");
    disturber.start();
  }

  // A task begins here.
  @SuppressWarnings("CatchAndPrintStackTrace")
  private void disturb(CountDownLatch until) {
    try {
      while (!until.await(500 + random.nextInt(4_000), TimeUnit.MILLISECONDS)) {
        outages++;
        switch (random.nextInt(4)) {
          case 0 -> signal("STOP", until, "CONT");
          case 1 -> {
            signal("STOP", until, "STOP");
            restart(false, until);
          }
          case 2 -> restart(true, until);
          default -> restart(false, until);
        }
      }
    } catch (IOException | InterruptedException e) {
      e.printStackTrace();
    }
  }

  private void restart(boolean orderly, CountDownLatch until)
      throws IOException, InterruptedException {
    stop(orderly);
    pause(until, 2_000);
    start();
  }

  private void signal(String first, CountDownLatch until, String then)
      throws IOException, InterruptedException {
    Program.run("kill", "-" + first, broker.process().pid());
    pause(until, 3_000);
    Program.run("kill", "-" + then, broker.process().pid());
  }

  /** Whether it is to be calm now. */
  private boolean pause(CountDownLatch until, int most) throws InterruptedException {
    return until.await(random.nextInt(most), TimeUnit.MILLISECONDS);
  }

  /** It is up now and stays so. */
  void calm() throws InterruptedException {
    calm.countDown();
    disturber.join(60_000);
    if (disturber.isAlive() || !broker.process().isAlive()) {
      throw new AssertionError("the broker did not come back: " + broker.lines());
    }
  }

  @Override
  public void close() throws InterruptedException {
    if (disturber != null && disturber.isAlive()) {
      calm();
    }
    if (broker != null) {
      stop(false);
    }
    if (subscriber != null) {
      subscriber.destroyForcibly();
    }
  }
}
