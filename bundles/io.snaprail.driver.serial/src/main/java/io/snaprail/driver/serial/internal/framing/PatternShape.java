package io.snaprail.driver.serial.internal.framing;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Frames that a regular expression matches, over bytes taken as characters of ISO 8859-1. */
final class PatternShape implements FrameShape {
  private final Pattern pattern;

  /** Frames of a pattern. */
  PatternShape(Pattern pattern) {
    this.pattern = pattern;
  }

  @Override
  public Sync sync() {
    return Sync.MARK;
  }

  /** What does not match may be anything: nobody can tell a frame that has begun from garbage. */
  @Override
  public boolean begins() {
    return false;
  }

  @Override
  public Match find(byte[] bytes, int from, int to, boolean ended) {
    String text = new String(bytes, from, to - from, StandardCharsets.ISO_8859_1);
    Matcher matcher = pattern.matcher(new BoundedText(text, "frame.pattern"));
    while (BoundedText.run("frame.pattern", () -> matcher.find())) {
      if (matcher.hitEnd() && !ended) {
        // More bytes could make it longer, or no match at all.
        return new Match.Partial(from);
      }
      if (matcher.end() > matcher.start()) {
        byte[] whole = Arrays.copyOfRange(bytes, from + matcher.start(), from + matcher.end());
        return new Match.Found(from + matcher.start(), from + matcher.end(), Frame.plain(whole));
      }
    }
    return new Match.Partial(from);
  }
}
