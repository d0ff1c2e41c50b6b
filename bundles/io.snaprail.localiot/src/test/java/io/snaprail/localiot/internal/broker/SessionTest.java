package io.snaprail.localiot.internal.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.snaprail.localiot.internal.limits.Quotas;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What waits for a client is bounded, paid for and given back. */
class SessionTest {
  private final ByteBudget budget = new ByteBudget(Quotas.QUEUED_BYTES_TOTAL);
  private final IdleLink link = new IdleLink();
  private final SubscriptionIndex<Session> index = new SubscriptionIndex<>();
  private final Session session = new Session("client", false, budget, link);

  private static Delivery delivery(int qos, int bytes) {
    return new Delivery(new Message("t", new byte[bytes]), qos, false);
  }

  private int send(Link to) {
    Delivery next = session.peek(to);
    return next == null ? -1 : session.take(to, next);
  }

  @Test
  void sendsAtMost100UnacknowledgedMessages() {
    for (int i = 0; i < 150; i++) {
      assertThat(session.offer(delivery(1, 1))).isTrue();
    }
    for (int i = 1; i <= Quotas.IN_FLIGHT; i++) {
      assertThat(send(link)).isEqualTo(i);
    }
    assertThat(session.peek(link)).isNull();

    session.acknowledged(42);

    assertThat(send(link)).isEqualTo(101);
    assertThat(session.peek(link)).isNull();
  }

  @Test
  void dropsWhatDoesNotFit() {
    for (int i = 0; i < Quotas.QUEUED_MESSAGES; i++) {
      assertThat(session.offer(delivery(0, 1))).isTrue();
    }
    assertThat(session.offer(delivery(0, 1))).isFalse();

    send(link);

    assertThat(session.offer(delivery(0, 1))).isTrue();
  }

  @Test
  void holdsAtMostItsBytes() {
    int half = (int) Quotas.QUEUED_BYTES / 2 - 100;
    assertThat(session.offer(delivery(1, half))).isTrue();
    assertThat(session.offer(delivery(1, half))).isTrue();
    assertThat(session.offer(delivery(1, half))).isFalse();
  }

  @Test
  void allSessionsTogetherHoldAtMostTheBudget() {
    ByteBudget small = new ByteBudget(1000);
    Session one = new Session("one", true, small, link);
    Session two = new Session("two", true, small, link);

    assertThat(one.offer(delivery(0, 600))).isTrue();
    assertThat(two.offer(delivery(0, 600))).isFalse();
    one.end(index);
    assertThat(two.offer(delivery(0, 600))).isTrue();
  }

  @Test
  void givesTheBudgetBackOnAcknowledgementSkipAndEnd() {
    session.offer(delivery(1, 10));
    session.offer(delivery(0, 10));
    session.offer(delivery(1, 10));
    session.offer(delivery(1, 10));
    int first = send(link);
    send(link);
    session.skip(link, session.peek(link));
    assertThat(budget.used()).isPositive();

    session.acknowledged(first);
    session.end(index);

    assertThat(budget.used()).isZero();
  }

  @Test
  void aWrongOrRepeatedAcknowledgementChangesNothing() {
    session.offer(delivery(1, 10));
    int id = send(link);
    session.acknowledged(id + 1);
    assertThat(session.unacknowledged()).hasSize(1);
    session.acknowledged(id);
    session.acknowledged(id);
    assertThat(budget.used()).isZero();
  }

  // [MQTT-4.4.0-1]: sent again with the same packet ids, in the same order.
  @Test
  void keepsUnacknowledgedMessagesForTheNextConnection() {
    session.offer(delivery(1, 1));
    session.offer(delivery(1, 2));
    int first = send(link);
    int second = send(link);
    session.detach(link, 0);
    Link next = new IdleLink();

    assertThat(session.attach(next)).isNull();

    List<Map.Entry<Integer, Delivery>> again = session.unacknowledged();
    assertThat(again).extracting(Map.Entry::getKey).containsExactly(first, second);
  }

  @Test
  void queuesOnlyQos1WhileTheClientIsAway() {
    session.detach(link, 0);
    session.offer(delivery(0, 1));
    session.offer(delivery(1, 2));
    Link next = new IdleLink();
    session.attach(next);

    assertThat(session.peek(next).qos()).isEqualTo(1);
    send(next);
    assertThat(session.peek(next)).isNull();
  }

  @Test
  void anOldConnectionGetsNothingAnyMore() {
    session.offer(delivery(1, 1));
    Delivery peeked = session.peek(link);
    Link newcomer = new IdleLink();

    assertThat(session.attach(newcomer)).isSameAs(link);

    assertThat(session.take(link, peeked)).isEqualTo(-1);
    assertThat(session.peek(link)).isNull();
    assertThat(session.detach(link, 0)).isFalse();
    assertThat(session.peek(newcomer)).isNotNull();
  }

  @Test
  void packetIdsGoRoundAndAreNeverUsedTwice() {
    session.offer(delivery(1, 1));
    int held = send(link);
    for (int i = 0; i < 0xFFFF; i++) {
      session.offer(delivery(1, 1));
      int id = send(link);
      assertThat(id).isBetween(1, 0xFFFF).isNotEqualTo(held);
      session.acknowledged(id);
    }
  }

  @Test
  void hasAtMost50Subscriptions() {
    for (int i = 0; i < Quotas.SUBSCRIPTIONS_PER_CONNECTION; i++) {
      assertThat(session.subscribe("t" + i, 1, index)).isTrue();
    }
    assertThat(session.subscribe("one more", 1, index)).isFalse();
    assertThat(session.subscribe("t0", 0, index)).isTrue();
    session.unsubscribe("t1", index);
    assertThat(session.subscribe("one more", 1, index)).isTrue();
    session.end(index);
    assertThat(index.isEmpty()).isTrue();
    assertThat(session.subscribe("t", 1, index)).isFalse();
  }

  private static final class IdleLink implements Link {
    @Override
    public void wake() {}

    @Override
    public String certificateId() {
      return "";
    }

    @Override
    public void end(DisconnectReason why, String words) {}
  }
}
