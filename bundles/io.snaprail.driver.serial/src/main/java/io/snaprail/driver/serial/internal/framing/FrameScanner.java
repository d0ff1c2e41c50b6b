package io.snaprail.driver.serial.internal.framing;

import io.snaprail.driver.serial.internal.checksum.Checksum;
import io.snaprail.driver.serial.internal.framing.FrameShape.Match;
import io.snaprail.driver.serial.internal.framing.FrameShape.Sync;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Cuts what comes on a line into frames, and finds the next good one after garbage. What did not
 * come as a whole is never taken for a frame: neither a beginning whose rest did not come in time,
 * nor the rest of a frame whose beginning was not heard. Used by one thread at a time.
 *
 * <p>Frames that have a checksum and no mark are found in a stream too: any place may begin one, so
 * that what fits there is believed only when another frame, or silence, follows it at once.
 */
public final class FrameScanner {
  /** Longest mark or delimiter, in bytes. */
  public static final int MAX_MARK = 16;

  private final FrameShape shape;
  private final @Nullable Checksum checksum;
  private final Limits limits;
  private final Receiver receiver;

  /** Whether a frame is looked for at every place, when what began one is none. */
  private final boolean slides;

  /** Holds what came and is no part of a frame yet, from {@code from} to {@code to}. */
  private final byte[] buffer;

  private int from;
  private int to;
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
    this.slides = shape.slides() && (shape.sync() == Sync.MARK || checksum != null);
    this.buffer = new byte[2 * limits.longest()];
  }

  /**
   * Forgets what came, and begins anew.
   *
   * @param fresh whether the next byte is known to begin a frame, as behind a request; else the
   *     line may be in the middle of one
   */
  public void restart(boolean fresh, long now) {
    from = 0;
    to = 0;
    lastByteNanos = now;
    synced = fresh || shape.sync() == Sync.MARK;
    quietNeeded = limits.silence().toNanos();
  }

  /** Takes bytes that came together. */
  public void bytes(byte[] bytes, int offset, int length, long now) {
    silence(now);
    int at = offset;
    int left = length;
    while (left > 0) {
      if (to + left > buffer.length && from > 0) {
        System.arraycopy(buffer, from, buffer, 0, count());
        to -= from;
        from = 0;
      }
      int piece = Math.min(left, buffer.length - to);
      System.arraycopy(bytes, at, buffer, to, piece);
      to += piece;
      at += piece;
      left -= piece;
      scan(false);
    }
    lastByteNanos = now;
  }

  /** Tells that time has passed: call it when {@link #wakeInNanos} is over. */
  public void silence(long now) {
    long quiet = now - lastByteNanos;
    if (count() > 0 && quiet >= limits.silence().toNanos()) {
      scan(true);
    }
    if (count() > 0 && quiet >= limits.partial().toNanos()) {
      giveUp();
    }
    if (!synced && quiet >= quietNeeded) {
      synced = true;
    }
  }

  /**
   * Tells that nobody has read the line for a while, so that a silence is known of neither then nor
   * now: what comes next may have been waiting.
   */
  public void deaf(long nanos) {
    lastByteNanos += nanos;
    if (shape.sync() == Sync.SILENCE && !slides && nanos >= limits.silence().toNanos() / 2) {
      if (count() > 0) {
        receiver.bad(
            "the line was not read for " + nanos / 1_000_000 + " ms: the gateway was busy");
        drop(count());
      }
      lose(limits.silence());
    }
  }

  /** How long until silence means something; {@link Long#MAX_VALUE} for never. */
  public long wakeInNanos(long now) {
    long quiet = now - lastByteNanos;
    if (count() == 0) {
      return Long.MAX_VALUE;
    }
    long silence = limits.silence().toNanos() - quiet;
    return silence > 0 ? silence : Math.max(0, limits.partial().toNanos() - quiet);
  }

  /** How many of the bytes that came last are neither part of a frame nor skipped yet. */
  public int held() {
    return count();
  }

  private int count() {
    return to - from;
  }

  /** A frame that has begun and did not go on: what came of it may still hold a whole one. */
  private void giveUp() {
    if (shape.begins() && filled() < count()) {
      receiver.bad("incomplete: " + count() + " bytes, and then nothing");
    }
    if (slides) {
      synced = shape.sync() == Sync.MARK;
      while (count() > 0) {
        drop(1);
        scan(true);
      }
      lose(limits.silence());
    } else {
      drop(count());
      lose(limits.resync());
    }
  }

  /** Where the next frame begins is not known, unless it tells so itself. */
  private void lose(Duration quiet) {
    synced = shape.sync() == Sync.MARK;
    quietNeeded = (shape.sync() == Sync.SILENCE ? limits.silence() : quiet).toNanos();
  }

  private void scan(boolean ended) {
    boolean more = true;
    while (more && count() > 0) {
      if (!synced && shape.sync() == Sync.SILENCE && !slides) {
        drop(count());
        return;
      }
      Match match = shape.find(buffer, from, to, ended);
      if (match instanceof Match.Partial partial) {
        drop(partial.begin() - from);
        if (count() > limits.longest()) {
          tooLong();
        }
        more = false;
      } else if (match instanceof Match.Broken broken) {
        drop(broken.begin() - from);
        none(broken.why(), broken.end());
      } else if (match instanceof Match.Found found) {
        more = found(found, ended);
      }
    }
  }

  /** Whether to look on; else the frame is kept until more is known. */
  private boolean found(Match.Found found, boolean ended) {
    if (!synced && !slides) {
      // The end of a frame whose beginning was not heard: the next one begins behind it.
      synced = true;
      drop(found.end() - from);
      return true;
    }
    drop(found.begin() - from);
    if (found.frame().from() == found.frame().to()) {
      // Such as the empty line between CR and LF.
      from = found.end();
      return true;
    }
    String fault = fault(found);
    if (!fault.isEmpty()) {
      none(fault, found.end());
      return true;
    }
    if (!synced) {
      Trust trust = trust(found, ended);
      if (trust == Trust.NO) {
        drop(1);
      }
      if (trust != Trust.YES) {
        return trust == Trust.NO;
      }
      synced = true;
    }
    from = found.end();
    receiver.frame(found.frame());
    return true;
  }

  private String fault(Match.Found found) {
    int length = found.end() - found.begin();
    if (length > limits.longest()) {
      return length + " bytes, expected " + limits.longest() + " at most";
    }
    return checksum == null ? "" : checksum.fault(found.frame().bytes());
  }

  private enum Trust {
    YES,
    NO,
    LATER
  }

  /** Whether a frame that could begin anywhere is one: when the next follows it, or silence. */
  private Trust trust(Match.Found found, boolean ended) {
    int end = found.end();
    if (end == to) {
      return ended ? Trust.YES : Trust.LATER;
    }
    Match next = shape.find(buffer, end, to, ended);
    if (next instanceof Match.Found second) {
      return fault(second).isEmpty() ? Trust.YES : Trust.NO;
    }
    return next instanceof Match.Partial && !ended ? Trust.LATER : Trust.NO;
  }

  /**
   * What begins here is no frame.
   *
   * @param end behind what it would have been
   */
  private void none(String why, int end) {
    if (synced) {
      receiver.bad(why);
    }
    if (slides) {
      synced = shape.sync() == Sync.MARK;
      drop(1);
      return;
    }
    drop(end - from);
    if (shape.sync() == Sync.SILENCE) {
      lose(limits.silence());
    }
  }

  /** More bytes than a frame has, and no end. Keeps what may be the beginning of a mark. */
  private void tooLong() {
    if (synced && shape.begins() && filled() < count()) {
      receiver.bad("no end within " + limits.longest() + " bytes");
    }
    boolean mark = shape.sync() == Sync.MARK;
    drop(count() - (mark ? limits.longest() / 2 : Math.min(count(), MAX_MARK)));
    lose(limits.resync());
  }

  /** Takes bytes of no frame off the front. */
  private void drop(int bytes) {
    if (bytes > 0) {
      int fill = filled(bytes);
      from += bytes;
      if (fill < bytes) {
        receiver.skipped(bytes - fill);
      }
    }
  }

  private int filled() {
    return filled(count());
  }

  /** How many of the next bytes only fill the time between frames. */
  private int filled(int bytes) {
    int filled = 0;
    for (int i = from; shape.fill() != FrameShape.NO_FILL && i < from + bytes; i++) {
      filled += (buffer[i] & 0xff) == shape.fill() ? 1 : 0;
    }
    return filled;
  }
}
