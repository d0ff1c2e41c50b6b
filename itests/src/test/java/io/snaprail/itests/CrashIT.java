package io.snaprail.itests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.snaprail.testkit.peer.OpenSsl;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.Test;

/**
 * The whole gateway is killed (SIGKILL) at random moments, also while it starts, under load, while
 * the broker goes up and down: all that its spool called durable is at the broker, in order, and
 * nothing that was acknowledged comes again for ever. {@code -Dcrash.kills=1000} for the long run.
 */
public class CrashIT {
  private static final int DEVICES = 10;
  private static final int KILLS_AT_A_TIME = 50;
  private static final Duration CATCH_UP = Duration.ofMinutes(2);
  private static final long SETTLE_MS = 4_000;

  private final int kills = Integer.getInteger("crash.kills", 100) / 2;
  private final long seed = Long.getLong("crash.seed", System.nanoTime());
  private final Random random = new Random(seed);
  private CrashGateway gateway;
  private CrashBroker broker;
  private CrashRecord record;
  private Path work;
  private int run;
  private long slowestNanos;

  @Test
  public void whatIsDurableIsDeliveredWithEverythingOnDisk() throws Exception {
    killAgainAndAgain("always", "in-order");
  }

  @Test
  public void whatIsDurableIsDeliveredWithOnlyWhatWaitsOnDisk() throws Exception {
    killAgainAndAgain("spill", "after");
  }

  private void killAgainAndAgain(String durability, String backlog) throws Exception {
    Files.createDirectories(Image.WORK);
    work = Files.createTempDirectory(Image.WORK, "crash-" + durability);
    OpenSsl authority = OpenSsl.in(work.resolve("ca")).authority();
    gateway = new CrashGateway(work, DEVICES);
    try (CrashBroker mosquitto = new CrashBroker(work, authority, random);
        CrashGateway closed = gateway) {
      broker = mosquitto;
      record = new CrashRecord(broker.received);
      closed.trust(authority);
      closed.uplink(
          broker.port,
          "\"spool.durability\":\"%s\",\"backlog\":\"%s\"".formatted(durability, backlog));
      broker.start();
      for (int done = 0; done < kills; done += KILLS_AT_A_TIME) {
        broker.disturb();
        for (int i = done; i < Math.min(kills, done + KILLS_AT_A_TIME); i++) {
          begin();
          live();
          kill();
        }
        broker.calm();
        catchUp();
        tell(durability, Math.min(kills, done + KILLS_AT_A_TIME));
      }
      assertThat(record.checked()).isPositive();
    }
    Program.run("rm", "-r", work);
  }

  private void begin() throws Exception {
    Path file = work.resolve("record-" + ++run);
    record.begin(file);
    gateway.start(file);
  }

  /** Of five, two are killed while they start, one long after. */
  private void live() throws Exception {
    int kind = random.nextInt(10);
    if (kind < 4) {
      pass(random.nextInt(1_800));
      return;
    }
    long startedAt = System.nanoTime();
    gateway.awaitLine('P');
    slowestNanos = Math.max(slowestNanos, System.nanoTime() - startedAt);
    pass(kind == 9 ? 2_500 + random.nextInt(4_000) : random.nextInt(1_800));
  }

  private static void pass(int millis) throws InterruptedException {
    assertThat(new CountDownLatch(1).await(millis, TimeUnit.MILLISECONDS)).isFalse();
  }

  private void kill() throws Exception {
    gateway.kill();
    record.end(System.nanoTime());
    assertThat(errors(gateway.said())).as("seed " + seed + ": a start that is not clean").isEmpty();
  }

  private static List<String> errors(List<String> said) {
    return said.stream().filter(line -> line.contains(" ERROR ")).toList();
  }

  /** With a broker that stays: all that is left comes, the first of it within 30 s. */
  private void catchUp() throws Exception {
    begin();
    gateway.awaitLine('A');
    await().atMost(CATCH_UP).pollInterval(Duration.ofMillis(500)).untilAsserted(record::caughtUp);
    pass((int) SETTLE_MS);
    kill();
    record.settle();
  }

  private void tell(String durability, int done) {
    System.out.printf(
        "crash: %s: killed %d times (seed %d), %d outages of the broker; %d durable messages were"
            + " all there in order, %d came again; slowest start %.1f s%n",
        durability,
        done,
        seed,
        broker.outages(),
        record.checked(),
        record.doubles(),
        slowestNanos / 1e9);
  }
}
