package io.snaprail.mqtt.internal.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.snaprail.api.mqtt.MqttSession.MessageHandler;
import io.snaprail.api.mqtt.Presence;
import io.snaprail.mqtt.internal.link.Fault;
import io.snaprail.mqtt.internal.link.InFlight;
import io.snaprail.mqtt.internal.link.Link;
import io.snaprail.mqtt.internal.link.LinkException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SessionTest {
  private final Subscriptions subscriptions = new Subscriptions("s");
  private final Session session = new Session("s", "mqtt://b:1", subscriptions, presence());
  private final InFlight inFlight = new InFlight(System::nanoTime);
  private final FakeLink link = new FakeLink();
  private boolean says;

  /** Keeps everything for the test to answer. */
  private static final class FakeLink implements Link {
    final List<Receipt> receipts = new ArrayList<>();
    final List<List<String>> subscribed = new ArrayList<>();
    final List<SubscribeReceipt> subscribeReceipts = new ArrayList<>();
    final List<String> unsubscribed = new ArrayList<>();
    final List<String> published = new ArrayList<>();
    boolean resumed;

    @Override
    public void flush() {}

    @Override
    public boolean resumed() {
      return resumed;
    }

    @Override
    public void publish(String topic, byte[] payload, int qos, boolean retained, Receipt receipt) {
      published.add(topic + " " + new String(payload, StandardCharsets.UTF_8));
      receipts.add(receipt);
    }

    @Override
    public void subscribe(List<String> filters, SubscribeReceipt receipt) {
      subscribed.add(List.copyOf(filters));
      subscribeReceipts.add(receipt);
    }

    @Override
    public void unsubscribe(List<String> filters) {
      unsubscribed.addAll(filters);
    }

    @Override
    public Fault lost() {
      return null;
    }

    @Override
    public void close(boolean orderly) {}
  }

  @AfterEach
  void end() {
    session.close();
  }

  // Says nothing unless a test asks for it.
  private Presence presence() {
    return new Presence() {
      @Override
      public Message will() {
        return null;
      }

      @Override
      public List<Message> online() {
        return says ? List.of(new Message("p", new byte[] {'1'}, 1, true)) : List.of();
      }

      @Override
      public List<Message> offline() {
        return says ? List.of(new Message("p", new byte[] {'0'}, 1, true)) : List.of();
      }
    };
  }

  private void begin() {
    try {
      session.begin(link, inFlight);
    } catch (LinkException e) {
      throw new AssertionError(e);
    }
  }

  private CompletableFuture<Void> publish() {
    return session.publish("t", new byte[0], 1, false).toCompletableFuture();
  }

  @Test
  void publishWithoutConnectionFailsAtOnce() {
    assertThat(session.connected()).isFalse();
    assertThatThrownBy(() -> publish().get(1, TimeUnit.SECONDS))
        .hasMessageContaining("mqtt://b:1: not connected, 't' is not published");
  }

  @Test
  void publishCompletesWhenAcknowledgedAndNotBefore() throws Exception {
    begin();
    CompletableFuture<Void> stage = publish();
    assertThat(stage).isNotDone();
    link.receipts.get(0).done(null);
    stage.get(1, TimeUnit.SECONDS);
    assertThat(inFlight.outstanding()).isZero();
  }

  @Test
  void lossFailsWhatWaits() {
    begin();
    CompletableFuture<Void> stage = publish();
    session.end(new Fault(Fault.Kind.NETWORK, "cut"));
    assertThatThrownBy(() -> stage.get(1, TimeUnit.SECONDS)).hasMessageContaining("cut");
  }

  @Test
  void moreThanTheWindowFailsInsteadOfQueueing() {
    begin();
    for (int i = 0; i < Session.WINDOW; i++) {
      assertThat(publish()).isNotCompletedExceptionally();
    }
    assertThat(publish()).isCompletedExceptionally();
    link.receipts.get(0).done(null);
    assertThat(publish()).isNotCompletedExceptionally();
  }

  @Test
  void wildcardsAndQos2AreRefused() {
    assertThatThrownBy(() -> session.publish("a/#", new byte[0], 1, false))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> session.publish("a", new byte[0], 2, false))
        .isInstanceOf(IllegalArgumentException.class);
  }

  // AWS IoT Core: 8 filters a SUBSCRIBE.
  @Test
  void subscriptionsGoInPacketsOfEightAndAgainAfterAReconnect() throws Exception {
    List<AutoCloseable> all = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      all.add(session.subscribe("f/" + i, (topic, payload) -> {}));
    }
    begin();
    session.step();
    assertThat(link.subscribed.stream().map(List::size)).containsExactly(8, 8, 4);
    all.get(0).close();
    session.step();
    session.step();
    assertThat(link.unsubscribed).containsExactly("f/0");
    assertThat(link.subscribed).hasSize(3);
    begin();
    session.step();
    assertThat(link.subscribed.stream().mapToInt(List::size).sum()).isEqualTo(20 + 19);
  }

  @Test
  void refusedFilterIsKnown() throws Exception {
    session.subscribe("forbidden/#", (topic, payload) -> {});
    begin();
    session.step();
    link.subscribeReceipts.get(0).done(List.of("forbidden/#"));
    assertThat(subscriptions.refused()).containsExactly("forbidden/#");
  }

  /** Writes down what it is told. */
  private static final class Witness implements MessageHandler {
    final List<String> told = new CopyOnWriteArrayList<>();

    @Override
    public void message(String topic, byte[] payload) {
      told.add(topic);
    }

    @Override
    public void ready(Set<String> refused) {
      told.add("ready " + refused);
    }

    @Override
    public void lost() {
      told.add("lost");
    }
  }

  @Test
  void handlerIsToldOnceWhenEveryFilterOfItsIsAnswered() throws Exception {
    Witness witness = new Witness();
    List<String> filters = new ArrayList<>();
    for (int i = 0; i < 9; i++) {
      filters.add("f/" + i);
    }
    session.subscribe(filters, witness);
    begin();
    session.step();
    link.subscribeReceipts.get(0).done(List.of());
    session.step();
    assertThat(witness.told).isEmpty();
    String last = link.subscribed.get(1).get(0);
    link.subscribeReceipts.get(1).done(List.of(last));
    session.step();
    session.step();
    await().until(() -> !witness.told.isEmpty());
    session.end(new Fault(Fault.Kind.NETWORK, "cut"));
    await().until(() -> witness.told.size() == 2);
    assertThat(witness.told).containsExactly("ready [" + last + "]", "lost");
  }

  @Test
  void answerToAnEarlierConnectionMakesNobodyReady() throws Exception {
    Witness witness = new Witness();
    session.subscribe("f", witness);
    begin();
    session.step();
    session.end(new Fault(Fault.Kind.NETWORK, "cut"));
    begin();
    session.step();
    link.subscribeReceipts.get(0).done(List.of());
    session.step();
    link.subscribeReceipts.get(1).done(List.of());
    assertThat(witness.told).isEmpty();
    session.step();
    await().until(() -> witness.told.equals(List.of("ready []")));
  }

  @Test
  void handlerThatComesWhileConnectedIsToldToo() throws Exception {
    session.subscribe("f", new Witness());
    begin();
    session.step();
    link.subscribeReceipts.get(0).done(List.of());
    session.step();
    Witness late = new Witness();
    session.subscribe("f", late);
    session.step();
    await().until(() -> late.told.equals(List.of("ready []")));
    assertThat(link.subscribed).hasSize(1);
  }

  @Test
  void slowHandlerLosesMessagesAndHoldsUpNobody() {
    CountDownLatch release = new CountDownLatch(1);
    AtomicInteger handled = new AtomicInteger();
    session.subscribe(
        "#",
        (topic, payload) -> {
          handled.incrementAndGet();
          awaitQuietly(release);
        });
    for (int i = 0; i < 1_500; i++) {
      subscriptions.message("t", new byte[10]);
    }
    assertThat(subscriptions.dropped()).isBetween(498L, 500L);
    release.countDown();
    await().until(() -> handled.get() >= 1_000);
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await(5, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void presenceIsSaidFirstAndTheGoodByeIsAwaited() throws Exception {
    says = true;
    begin();
    publish();
    assertThat(link.published).containsExactly("p 1", "t ");
    CompletableFuture<Void> goodbye = CompletableFuture.runAsync(session::goodbye);
    await().until(() -> link.published.contains("p 0"));
    assertThat(goodbye).isNotDone();
    link.receipts.get(2).done(null);
    goodbye.get(500, TimeUnit.MILLISECONDS);
  }

  // MQTT 3.1.1, 3.1.2.4: what the broker keeps need not be said twice.
  @Test
  void resumedSessionAsksOnlyForWhatTheBrokerHasNotTaken() throws Exception {
    session.subscribe("taken", (topic, payload) -> {});
    session.subscribe("refused", (topic, payload) -> {});
    begin();
    session.step();
    List<String> first = link.subscribed.get(0);
    assertThat(first).containsExactlyInAnyOrder("taken", "refused");
    link.subscribeReceipts.get(0).done(List.of("refused"));
    session.end(new Fault(Fault.Kind.NETWORK, "cut"));
    session.subscribe("new", (topic, payload) -> {});
    link.resumed = true;
    begin();
    session.step();
    assertThat(link.subscribed.get(1)).containsExactlyInAnyOrder("refused", "new");
    session.end(new Fault(Fault.Kind.NETWORK, "cut"));
    link.resumed = false;
    begin();
    session.step();
    assertThat(link.subscribed.get(2)).containsExactlyInAnyOrder("taken", "refused", "new");
  }

  @Test
  void handlerIsReadyAtOnceWhenTheSessionIsResumed() throws Exception {
    AtomicInteger ready = new AtomicInteger();
    session.subscribe(
        "a",
        new MessageHandler() {
          @Override
          public void message(String topic, byte[] payload) {}

          @Override
          public void ready(Set<String> refused) {
            ready.incrementAndGet();
          }
        });
    begin();
    session.step();
    link.subscribeReceipts.get(0).done(List.of());
    session.step();
    session.end(new Fault(Fault.Kind.NETWORK, "cut"));
    link.resumed = true;
    begin();
    session.step();
    await().until(() -> ready.get() == 2);
    assertThat(link.subscribed).hasSize(1);
  }
}
