package io.snaprail.driver.serial.internal.framing;

import java.util.Arrays;

/** Frames that are apart by a silence. */
final class SilenceShape implements FrameShape {
  @Override
  public Sync sync() {
    return Sync.SILENCE;
  }

  @Override
  public Match find(byte[] bytes, int from, int to, boolean ended) {
    return ended && from < to
        ? new Match.Found(from, to, Frame.plain(Arrays.copyOfRange(bytes, from, to)))
        : new Match.Partial(from);
  }
}
