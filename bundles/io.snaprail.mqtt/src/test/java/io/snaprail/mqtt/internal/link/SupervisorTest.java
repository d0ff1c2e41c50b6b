package io.snaprail.mqtt.internal.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.snaprail.api.uplink.UplinkStatus.State;
import io.snaprail.mqtt.internal.link.Fault.Kind;
import io.snaprail.mqtt.support.FakeLink;
import io.snaprail.mqtt.support.Threads;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SupervisorTest {
  private final ConnectionStatus status = new ConnectionStatus(Clock.systemUTC());
  private final AtomicInteger attempts = new AtomicInteger();
  private final List<Boolean> closedOrderly = new CopyOnWriteArrayList<>();
  private final AtomicReference<Attempt> next = new AtomicReference<>();
  private Supervisor supervisor;

  /** What the next attempt gives. */
  private interface Attempt {
    Link connect() throws LinkException;
  }

  private final class WatchedLink extends FakeLink {
    @Override
    public void close(boolean orderly) {
      closedOrderly.add(orderly);
    }
  }

  private static final class NoTraffic implements Traffic {
    @Override
    public void begin(Link link, InFlight inFlight) {}

    @Override
    public void goodbye() {}

    @Override
    public void step() throws InterruptedException {
      TimeUnit.MILLISECONDS.sleep(5);
    }

    @Override
    public boolean idle() {
      return true;
    }

    @Override
    public void end(Fault reason) {}
  }

  private static final class NoTrouble implements Supervisor.TroubleReport {
    @Override
    public void is(Fault fault) {}

    @Override
    public void gone() {}

    @Override
    public void closed() {}

    @Override
    public void tick() {}
  }

  private void start(Attempt first) {
    next.set(first);
    Connector connector =
        new Connector() {
          @Override
          public Link connect(Inbox inbox) throws LinkException {
            attempts.incrementAndGet();
            return next.get().connect();
          }

          @Override
          public void abort() {}
        };
    // The shortest pauses that there are: 100 ms, 1 s, ...; 10 s for what people must mend.
    RandomGenerator shortest =
        new RandomGenerator() {
          @Override
          public long nextLong() {
            return 0;
          }

          @Override
          public long nextLong(long origin, long bound) {
            return origin;
          }
        };
    supervisor =
        new Supervisor(
            "sup",
            "mqtt://x:1",
            new Supervisor.Parts(
                connector,
                (topic, payload) -> {},
                new NoTraffic(),
                status,
                new Stability("mqtt://x:1", "id"),
                new NoTrouble()),
            new Backoff(shortest),
            System::nanoTime);
    supervisor.start();
  }

  @AfterEach
  void end() {
    supervisor.close();
    await().until(() -> Threads.ofMqtt("sup").isEmpty());
  }

  private void awaitState(State state) {
    await().until(() -> status.phase().state() == state);
  }

  @Test
  void connectsAgainAfterALoss() {
    WatchedLink first = new WatchedLink();
    start(() -> first);
    awaitState(State.CONNECTED);
    WatchedLink second = new WatchedLink();
    next.set(() -> second);
    first.lost = new Fault(Kind.NETWORK, "lost");
    await().until(() -> status.reconnects() == 1);
    awaitState(State.CONNECTED);
    assertThat(closedOrderly).containsExactly(false);
  }

  @Test
  void survivesAnyThrowable() {
    start(
        () -> {
          throw new NoClassDefFoundError("gone");
        });
    await().until(() -> status.phase().message().contains("internal fault"));
    next.set(WatchedLink::new);
    awaitState(State.CONNECTED);
    assertThat(status.phase().message()).isEmpty();
  }

  @Test
  void missingIdentityIsAFaultAndItsArrivalIsAnAttemptAtOnce() {
    start(
        () -> {
          throw new LinkException(
              new Fault(Kind.CREDENTIALS, "identity 'demo' not found; waiting"));
        });
    awaitState(State.FAULT);
    assertThat(status.phase().message()).contains("identity 'demo' not found; waiting");
    next.set(WatchedLink::new);
    // Without it the next attempt would come after 10 s.
    supervisor.renew("demo has come");
    await().atMost(8, TimeUnit.SECONDS).until(() -> status.phase().state() == State.CONNECTED);
    assertThat(attempts).hasValue(2);
  }

  @Test
  void changedIdentityConnectsAnewInGoodOrderAndWithoutPause() {
    start(WatchedLink::new);
    awaitState(State.CONNECTED);
    supervisor.renew("demo has changed");
    await().atMost(1, TimeUnit.SECONDS).until(() -> status.reconnects() == 1);
    assertThat(closedOrderly).containsExactly(true);
  }

  @Test
  void faultStaysAFaultWhileItIsTriedAgain() throws Exception {
    start(
        () -> {
          throw new LinkException(new Fault(Kind.TLS, "expired"));
        });
    awaitState(State.FAULT);
    var since = status.phase().since();
    supervisor.renew("try");
    await().until(() -> attempts.get() >= 2);
    awaitState(State.FAULT);
    assertThat(status.phase().since()).isEqualTo(since);
  }

  @Test
  void closingEndsItInWhateverStateItIs() {
    start(
        () -> {
          throw new LinkException(new Fault(Kind.TLS, "expired"));
        });
    awaitState(State.FAULT);
    supervisor.close();
    assertThat(status.phase().state()).isEqualTo(State.STOPPED);
    int then = attempts.get();
    supervisor.renew("too late");
    assertThat(attempts).hasValue(then);
  }
}
