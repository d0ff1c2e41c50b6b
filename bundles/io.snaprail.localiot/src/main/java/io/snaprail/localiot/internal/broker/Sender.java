package io.snaprail.localiot.internal.broker;

import io.netty.channel.ChannelHandlerContext;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Sends to one client what waits for it. Used by the connection's thread only. */
final class Sender {
  /** What is sent in one go before others get their turn. */
  private static final int BURST = 128;

  private final BrokerContext context;
  private final Link link;
  private final Pacing pacing;

  /** What was sent over an earlier connection and has to be sent again, before all else. */
  private final Deque<Map.Entry<Integer, Delivery>> again = new ArrayDeque<>();

  private boolean waiting;

  Sender(BrokerContext context, Link link, Pacing pacing) {
    this.context = context;
    this.link = link;
    this.pacing = pacing;
  }

  /**
   * A session goes on over a new connection: what is kept for it goes out slowly, what was not
   * acknowledged as well as what has come since (developer guide, "MQTT persistent sessions").
   */
  void resume(Session session) {
    again.addAll(session.unacknowledged());
    pacing.replay(again.size() + session.queued());
  }

  /** Sends what waits, as far as the socket takes it and the client has acknowledged. */
  void drain(ChannelHandlerContext target, Client to) {
    int sent = 0;
    while (target.channel().isWritable()) {
      Delivery next = again.isEmpty() ? to.session().peek(link) : again.element().getValue();
      if (next == null || waits(target)) {
        break;
      }
      if (sent == BURST) {
        link.wake();
        break;
      }
      if (!again.isEmpty()) {
        sendAgain(target, to, again.remove());
      } else if (mayReceive(to, next)) {
        send(target, to, next);
      } else {
        to.session().skip(link, next);
        pacing.skipped();
        continue;
      }
      sent++;
    }
    if (sent > 0) {
      target.flush();
    }
  }

  /** What a service answers goes to whoever asked; everything else needs iot:Receive. */
  private static boolean mayReceive(Client to, Delivery delivery) {
    return to.authorizer().receive(delivery.message().topic()).allowed();
  }

  private void sendAgain(
      ChannelHandlerContext target, Client to, Map.Entry<Integer, Delivery> unacknowledged) {
    int packetId = unacknowledged.getKey();
    if (!to.session().owes(link, packetId)) {
      pacing.skipped();
      return;
    }
    if (mayReceive(to, unacknowledged.getValue())) {
      write(target, unacknowledged.getValue(), packetId, true);
    } else {
      to.session().acknowledged(packetId);
      pacing.skipped();
    }
  }

  private boolean waits(ChannelHandlerContext target) {
    long now = context.broker().nanoTime();
    long delay = Math.max(pacing.delay(now), pacing.replayDelay(now));
    if (delay > 0 && !waiting) {
      waiting = true;
      target
          .executor()
          .schedule(
              () -> {
                waiting = false;
                link.wake();
              },
              delay,
              TimeUnit.NANOSECONDS);
    }
    return delay > 0;
  }

  private void send(ChannelHandlerContext target, Client to, Delivery next) {
    int packetId = to.session().take(link, next);
    if (packetId >= 0) {
      context.broker().metrics().sent.increment();
      write(target, next, packetId, false);
    }
  }

  private void write(
      ChannelHandlerContext target, Delivery delivery, int packetId, boolean duplicate) {
    pacing.passed(delivery.message().payload().length);
    pacing.sent(context.broker().nanoTime());
    target.write(Packets.publish(delivery, packetId, duplicate), target.voidPromise());
  }
}
