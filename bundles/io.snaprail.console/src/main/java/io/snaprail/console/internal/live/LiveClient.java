package io.snaprail.console.internal.live;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One open page. Never blocks whoever sends: when the browser does not keep up, what it misses is
 * replaced by one snapshot later. Safe for any thread.
 */
final class LiveClient implements WriteListener {
  /** What became of a frame. */
  enum Sent {
    /** On its way. */
    YES,
    /** The browser is behind; it needs a snapshot as soon as it can take one. */
    BEHIND,
    /** The connection is over. */
    GONE
  }

  private final AsyncContext context;
  private final ServletOutputStream out;
  private final BooleanSupplier allowed;

  private byte @Nullable [] pending;
  private boolean unflushed;
  private boolean gone;
  private int behindFrames;

  /**
   * Takes over an asynchronous request.
   *
   * @param allowed whether the person or script may still see the values
   */
  LiveClient(AsyncContext context, BooleanSupplier allowed) throws IOException {
    this.context = context;
    this.out = context.getResponse().getOutputStream();
    this.allowed = allowed;
  }

  /** Whether whoever opened it may still see the values. */
  boolean allowed() {
    return allowed.getAsBoolean();
  }

  /** Sends a frame if the browser can take it. */
  synchronized Sent send(String frame) {
    if (gone) {
      return Sent.GONE;
    }
    if (pending != null || !out.isReady()) {
      behindFrames++;
      return Sent.BEHIND;
    }
    behindFrames = 0;
    pending = frame.getBytes(StandardCharsets.UTF_8);
    drain();
    return gone ? Sent.GONE : Sent.YES;
  }

  /** Frames in a row that it could not take. */
  synchronized int behindFrames() {
    return behindFrames;
  }

  /** Ends the connection. */
  synchronized void close() {
    if (!gone) {
      gone = true;
      pending = null;
      context.complete();
    }
  }

  @Override
  public synchronized void onWritePossible() {
    if (!gone) {
      drain();
    }
  }

  @Override
  public void onError(Throwable failure) {
    close();
  }

  /** Called with the monitor held; each call of the stream is allowed only when it says so. */
  private void drain() {
    try {
      while (out.isReady()) {
        byte[] next = pending;
        if (next != null) {
          pending = null;
          unflushed = true;
          out.write(next);
        } else if (unflushed) {
          unflushed = false;
          out.flush();
        } else {
          return;
        }
      }
    } catch (IOException e) {
      close(); // the browser went away
    }
  }
}
