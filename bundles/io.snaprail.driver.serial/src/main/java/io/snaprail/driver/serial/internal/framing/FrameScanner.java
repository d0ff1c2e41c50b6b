package io.snaprail.driver.serial.internal.framing;

import io.snaprail.driver.serial.internal.checksum.Checksum;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Cuts what comes on a line into frames, and finds the next good one after garbage. What did not
 * come as a whole is never taken for a frame: neither a beginning whose rest did not come in time,
 * nor the rest of a frame whose beginning was not heard. Used by one thread at a time.
 */
public final class FrameScanner {
  /** Longest mark or delimiter, in bytes. */
  public static final int MAX_MARK = 16;

  private final FrameShape shape;
  private final @Nullable Checksum checksum;
  private final Limits limits;
  private final Receiver receiver;
  private final byte[] buffer;

  private int count;
  private long lastByteNanos;

  /** Whether what comes next is the beginning of a frame, or tells itself where one begins. */
  private boolean synced;

  /** Silence after which the next byte begins a frame, when not synced. */
  private long quietNeeded;

  /**
   * Sizes and times.
   *
   * @param longest longest frame in bytes, 32..65,536
   * @param silence what counts as the end of a frame where silence ends it, and as a beginning when
   *     the line is heard for the first time
   * @param partial silence after which a frame that has begun is given up
   * @param resync silence after which, behind a frame that was given up, the next byte begins one
   */
  public record Limits(int longest, Duration silence, Duration partial, Duration resync) {}

  /** Takes what is found. */
  public interface Receiver {
    /** A frame whose checksum, if it has one, is right. */
    void frame(Frame frame);

    /** What looked like a frame and was none. */
    void bad(String why);

    /** Bytes that belong to no frame. */
    void skipped(int bytes);
  }

  /** Heard nothing yet. */
  public FrameScanner(
      FrameShape shape, @Nullable Checksum checksum, Limits limits, Receiver receiver) {
    this.shape = shape;
    this.checksum = checksum;
    this.limits = limits;
    this.receiver = receiver;
    this.buffer = new byte[2 * limits.longest()];
  }

  /**
   * Forgets what came, and begins anew.
   *
   * @param fresh whether the next byte is known to begin a frame, as behind a request; else the
   *     line may be in the middle of one
   */
  public void restart(boolean fresh, long now) {
    count = 0;
    lastByteNanos = now;
    synced = fresh || shape.sync() == FrameShape.Sync.MARK;
    quietNeeded = limits.silence().toNanos();
  }

  /** Takes bytes that came together. */
  public void bytes(byte[] bytes, int offset, int length, long now) {
    silence(now);
    int at = offset;
    int left = length;
    while (left > 0) {
      int piece = Math.min(left, buffer.length - count);
      System.arraycopy(bytes, at, buffer, count, piece);
      count += piece;
      at += piece;
      left -= piece;
      scan(false);
    }
    lastByteNanos = now;
  }

  /** Tells that time has passed: call it when {@link #wakeInNanos} is over. */
  public void silence(long now) {
    long quiet = now - lastByteNanos;
    if (count > 0 && quiet >= limits.silence().toNanos()) {
      scan(true);
    }
    if (count > 0 && quiet >= limits.partial().toNanos()) {
      giveUp();
    }
    if (!synced && quiet >= quietNeeded) {
      synced = true;
    }
  }

  /** How long until silence means something; {@link Long#MAX_VALUE} for never. */
  public long wakeInNanos(long now) {
    long quiet = now - lastByteNanos;
    if (count == 0) {
      return Long.MAX_VALUE;
    }
    long silence = limits.silence().toNanos() - quiet;
    return silence > 0 ? silence : Math.max(0, limits.partial().toNanos() - quiet);
  }

  /** A frame that has begun and did not go on: what came of it may still hold a whole one. */
  private void giveUp() {
    receiver.bad("incomplete: " + count + " bytes, and then nothing");
    if (slides()) {
      while (count > 0) {
        drop(1);
        scan(true);
      }
    } else {
      drop(count);
      lose(limits.resync());
    }
  }

  private boolean slides() {
    return shape.slides() && (shape.sync() == FrameShape.Sync.MARK || checksum != null);
  }

  /** Where the next frame begins is not known, unless it tells so itself. */
  private void lose(Duration quiet) {
    synced = shape.sync() == FrameShape.Sync.MARK;
    quietNeeded = (shape.sync() == FrameShape.Sync.SILENCE ? limits.silence() : quiet).toNanos();
  }

  private void scan(boolean ended) {
    while (count > 0) {
      if (!synced && shape.sync() == FrameShape.Sync.SILENCE) {
        drop(count);
        return;
      }
      FrameShape.Match match = shape.find(buffer, 0, count, ended);
      if (match instanceof FrameShape.Match.Partial partial) {
        drop(partial.begin());
        if (count > limits.longest()) {
          tooLong();
        }
        return;
      }
      if (match instanceof FrameShape.Match.Broken broken) {
        drop(broken.begin());
        none(broken.why(), count);
      } else if (match instanceof FrameShape.Match.Found found) {
        found(found);
      }
    }
  }

  private void found(FrameShape.Match.Found found) {
    if (!synced) {
      // The end of a frame whose beginning was not heard: the next one begins behind it.
      synced = true;
      drop(found.end());
      return;
    }
    drop(found.begin());
    int length = found.end() - found.begin();
    Frame frame = found.frame();
    if (frame.from() == frame.to()) {
      // Such as the empty line between CR and LF.
      remove(length);
      return;
    }
    String fault =
        length > limits.longest()
            ? length + " bytes, expected " + limits.longest() + " at most"
            : checksum == null ? "" : checksum.fault(frame.bytes());
    if (fault.isEmpty()) {
      remove(length);
      receiver.frame(frame);
    } else {
      none(fault, length);
    }
  }

  /**
   * What begins the buffer is no frame.
   *
   * @param length how long it would have been
   */
  private void none(String why, int length) {
    receiver.bad(why);
    if (slides()) {
      drop(1);
      return;
    }
    drop(length);
    if (shape.sync() == FrameShape.Sync.SILENCE) {
      lose(limits.silence());
    }
  }

  /** More bytes than a frame has, and no end. Keeps what may be the beginning of a mark. */
  private void tooLong() {
    if (synced) {
      receiver.bad("no end within " + limits.longest() + " bytes");
    }
    boolean mark = shape.sync() == FrameShape.Sync.MARK;
    drop(count - (mark ? limits.longest() / 2 : Math.min(count, MAX_MARK)));
    lose(limits.resync());
  }

  /** Takes bytes of no frame off the front. */
  private void drop(int bytes) {
    if (bytes > 0) {
      receiver.skipped(bytes);
      remove(bytes);
    }
  }

  private void remove(int bytes) {
    System.arraycopy(buffer, bytes, buffer, 0, count - bytes);
    count -= bytes;
  }
}
