package io.snaprail.localiot.internal.broker;

import io.netty.channel.ChannelHandlerContext;
import java.util.concurrent.TimeUnit;

/** Whether a connection is read. Used by the connection's thread only. */
final class ReadGate {
  private final Pacing pacing;
  private boolean paused;

  ReadGate(Pacing pacing) {
    this.pacing = pacing;
  }

  // Who does not take answers may not ask on: else the answers would pile up here.
  void update(ChannelHandlerContext target) {
    target.channel().config().setAutoRead(!paused && target.channel().isWritable());
  }

  /** More than the service takes in a second is read later. */
  void pace(ChannelHandlerContext target, long now) {
    long delay = pacing.delay(now);
    if (delay <= 0 || paused) {
      return;
    }
    paused = true;
    update(target);
    target
        .executor()
        .schedule(
            () -> {
              paused = false;
              update(target);
            },
            delay,
            TimeUnit.NANOSECONDS);
  }
}
