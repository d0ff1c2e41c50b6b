package io.snaprail.driver.modbus.internal.connection;

import io.snaprail.api.driver.Deadline;
import io.snaprail.driver.modbus.internal.nio.MbapChannel;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One attempt to open a connection: every address of the host in turn. */
final class Connecting {
  private final TcpEndpoint endpoint;
  private final Deadline deadline;
  private final long due;

  /** Still to be tried. Of the loop's thread. */
  private final Deque<InetAddress> addresses = new ArrayDeque<>();

  private volatile @Nullable MbapChannel channel;
  private volatile boolean closed;

  Connecting(TcpEndpoint endpoint, Deadline deadline) {
    this.endpoint = endpoint;
    this.deadline = deadline;
    this.due = System.nanoTime() + deadline.remainingNanos();
  }

  boolean isOf(MbapChannel opened) {
    return opened.equals(channel);
  }

  boolean expired() {
    return deadline.expired();
  }

  /** When it is given up, as {@link System#nanoTime()}. */
  long due() {
    return due;
  }

  /** By a thread that looks names up, or by whoever asked. */
  void resolved(InetAddress @Nullable [] found, @Nullable Throwable failure) {
    endpoint
        .services()
        .loop()
        .execute(
            () -> {
              if (found != null) {
                addresses.addAll(List.of(found));
              }
              next(unknown(failure));
            });
  }

  private IOException unknown(@Nullable Throwable cause) {
    UnknownHostException unknown = new UnknownHostException(endpoint.way().host());
    unknown.initCause(cause);
    return unknown;
  }

  /** Tries the next address. On the loop's thread. */
  void next(IOException why) {
    IOException last = why;
    while (!closed && endpoint.wants(this)) {
      InetAddress address = addresses.poll();
      if (address == null) {
        endpoint.cannotConnect(this, last);
        return;
      }
      try {
        channel =
            MbapChannel.open(endpoint.services().loop(), address, endpoint.way().port(), endpoint);
        break;
      } catch (IOException e) {
        last = e;
      }
    }
    if (closed) {
      close();
    }
  }

  /** Ends it; what has opened is closed. */
  void close() {
    closed = true;
    MbapChannel now = channel;
    if (now != null) {
      now.close();
    }
  }
}
