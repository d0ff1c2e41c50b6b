package io.snaprail.driver.serial.internal.sensor;

import io.snaprail.driver.serial.internal.checksum.Checksum;
import io.snaprail.driver.serial.internal.framing.BoundedText;
import io.snaprail.driver.serial.internal.framing.Frame;
import io.snaprail.driver.serial.internal.framing.FrameScanner;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Cuts what came into frames and what is none, for people: each piece with its bytes and why it is
 * what it is. Used by one thread at a time.
 */
public final class Cutter {
  private static final int MAX_REASONS = 3;

  private final SensorSettings settings;
  private final Consumer<Piece> pieces;
  private final FrameScanner scanner;

  /** What has come and is in no piece yet. */
  private final ByteArrayOutputStream open = new ByteArrayOutputStream();

  private final List<String> reasons = new ArrayList<>();
  private int skipped;

  /**
   * A frame, or bytes that are in none.
   *
   * @param bytes as they came
   * @param frame null for bytes that are in none
   * @param mine whether the frame is this device's ({@code frame.if})
   * @param verdict why
   */
  @SuppressWarnings("ArrayRecordComponent") // Only shown.
  public record Piece(byte[] bytes, @Nullable Frame frame, boolean mine, String verdict) {}

  Cutter(SensorSettings settings, Consumer<Piece> pieces) {
    this.settings = settings;
    this.pieces = pieces;
    FrameScanner.Receiver receiver =
        new FrameScanner.Receiver() {
          @Override
          public void frame(Frame frame) {
            found(frame);
          }

          @Override
          public void bad(String why) {
            reason(why);
          }

          @Override
          public void skipped(int bytes) {
            skipped += bytes;
          }
        };
    scanner = new FrameScanner(settings.frames(), settings.checksum(), settings.limits(), receiver);
  }

  /**
   * A cutter with the settings of a device.
   *
   * @throws IllegalArgumentException when a setting is wrong: key, expected and found
   */
  public static Cutter of(LineConfig line, SensorConfig config, Consumer<Piece> pieces) {
    return new Cutter(SensorSettings.of(line, config), pieces);
  }

  /** Begins anew; see {@link FrameScanner#restart}. What has come is in no frame. */
  public void restart(boolean fresh, long now) {
    rest(0);
    scanner.restart(fresh, now);
  }

  /** Takes bytes that came together. */
  public void bytes(byte[] bytes, int offset, int length, long now) {
    silence(now);
    // In pieces that the scanner's buffer holds as a whole, so that places can be told.
    int most = settings.limits().longest() / 2;
    for (int at = 0; at < length; at += most) {
      int piece = Math.min(most, length - at);
      int from = offset + at;
      open.write(bytes, from, piece);
      run(() -> scanner.bytes(bytes, from, piece, now), now);
    }
    rest(scanner.held());
  }

  /** Tells that time has passed. */
  public void silence(long now) {
    run(() -> scanner.silence(now), now);
    rest(scanner.held());
  }

  /** How many bytes have come of which is not known yet what they are. */
  public int held() {
    return scanner.held();
  }

  private void run(Runnable scan, long now) {
    try {
      scan.run();
    } catch (BoundedText.RunawayPatternException e) {
      // What came is dropped: it would keep the expression busy again.
      reason(String.valueOf(e.getMessage()));
      rest(0);
      scanner.restart(false, now);
    }
  }

  private void reason(String why) {
    if (reasons.size() < MAX_REASONS && !reasons.contains(why)) {
      reasons.add(why);
    }
  }

  private void found(Frame frame) {
    byte[] all = open.toByteArray();
    int end = all.length - scanner.held();
    int begin = Math.min(skipped, end);
    none(Arrays.copyOfRange(all, 0, begin));
    keep(all, end);
    boolean mine = isMine(frame);
    pieces.accept(
        new Piece(Arrays.copyOfRange(all, begin, end), frame, mine, verdict(frame, mine)));
  }

  private boolean isMine(Frame frame) {
    Pattern wanted = settings.mine();
    return wanted == null
        || BoundedText.run(
            "frame.if", () -> wanted.matcher(new BoundedText(frame.text(), "frame.if")).find());
  }

  private String verdict(Frame frame, boolean mine) {
    Checksum checksum = settings.checksum();
    String length = frame.bytes().length + " bytes";
    String sum =
        checksum == null
            ? "no checksum"
            : checksum.algorithm().code() + " " + checksum.in(frame.bytes()) + " is right";
    return length + ", " + sum + (mine ? "" : "; not of this device (frame.if)");
  }

  /** All but the last bytes, which the scanner still holds, are in no frame. */
  private void rest(int held) {
    byte[] all = open.toByteArray();
    int end = all.length - held;
    none(Arrays.copyOfRange(all, 0, end));
    keep(all, end);
  }

  private void keep(byte[] all, int from) {
    open.reset();
    open.write(all, from, all.length - from);
    skipped = 0;
  }

  private void none(byte[] bytes) {
    if (bytes.length > 0) {
      String why = reasons.isEmpty() ? "in no frame" : String.join("; ", reasons);
      pieces.accept(new Piece(bytes, null, false, why));
      reasons.clear();
    }
  }
}
