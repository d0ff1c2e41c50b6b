package io.snaprail.localiot.internal.broker;

import io.netty.channel.ChannelHandlerContext;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Sends to one client what waits for it. Used by the connection's thread only. */
final class Sender {
  /** What is sent in one go before others get their turn. */
  private static final int BURST = 128;

  private final BrokerContext context;
  private final Link link;
  private final Pacing pacing;
  private boolean waiting;

  Sender(BrokerContext context, Link link, Pacing pacing) {
    this.context = context;
    this.link = link;
    this.pacing = pacing;
  }

  /** A session goes on over a new connection. */
  void resume(ChannelHandlerContext target, Client to) {
    for (Map.Entry<Integer, Delivery> sent : to.session().unacknowledged()) {
      write(target, sent.getValue(), sent.getKey(), true);
    }
    pacing.replay(to.session().queued());
  }

  /** Sends what waits, as far as the socket takes it and the client has acknowledged. */
  void drain(ChannelHandlerContext target, Client to) {
    int sent = 0;
    while (target.channel().isWritable()) {
      Delivery next = to.session().peek(link);
      if (next == null || waits(target)) {
        break;
      }
      if (sent == BURST) {
        link.wake();
        break;
      }
      // What a service answers goes to whoever asked; everything else needs iot:Receive.
      if (to.authorizer().receive(next.message().topic()).allowed()) {
        send(target, to, next);
        sent++;
      } else {
        to.session().skip(link, next);
      }
    }
    if (sent > 0) {
      target.flush();
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
      pacing.passed(next.message().payload().length);
      pacing.sent(context.broker().nanoTime());
      write(target, next, packetId, false);
    }
  }

  private static void write(
      ChannelHandlerContext target, Delivery delivery, int packetId, boolean duplicate) {
    target.write(Packets.publish(delivery, packetId, duplicate), target.voidPromise());
  }
}
