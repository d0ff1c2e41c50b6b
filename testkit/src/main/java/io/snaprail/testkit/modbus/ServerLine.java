package io.snaprail.testkit.modbus;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** What every line to a client has in common. */
abstract class ServerLine implements Exchange {
  private final HostileModbusServer server;
  private final Request request;
  private byte @Nullable [] right;

  ServerLine(HostileModbusServer server, Request request) {
    this.server = server;
    this.request = request;
  }

  @Override
  public final Request request() {
    return request;
  }

  @Override
  public final Wire wire() {
    return server.wire();
  }

  @Override
  public final byte[] rightAnswer() {
    if (right == null) {
      right = server.rightAnswer(request);
    }
    return right.clone();
  }

  @Override
  public final void sendLater(Duration delay, byte[] bytes) {
    try {
      server.later().schedule(() -> sendIfOpen(bytes), delay.toNanos(), TimeUnit.NANOSECONDS);
    } catch (RejectedExecutionException e) {
      // The server is being closed: late becomes never.
      server.ignored();
    }
  }

  /** Whether the line ends in the middle of a frame. */
  boolean torn() {
    return false;
  }

  private void sendIfOpen(byte[] bytes) {
    try {
      if (!torn()) {
        send(bytes);
      }
    } catch (IOException e) {
      // The client did not wait, which is what a late answer is for.
      server.ignored();
    }
  }
}
