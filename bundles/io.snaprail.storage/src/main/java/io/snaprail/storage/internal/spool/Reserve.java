package io.snaprail.storage.internal.spool;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Some disk that is kept back, so that on a full one there is room for what makes room: file
 * systems that never write in place need some even to delete.
 */
final class Reserve {
  static final String FILE = "reserve";
  private static final Logger LOG = LoggerFactory.getLogger(Reserve.class);
  private static final int BYTES = 1 << 16;

  private final Volume volume;
  private boolean there;

  Reserve(Volume volume) {
    this.volume = volume;
  }

  /** Takes it if it is not there and the disk has plenty. */
  void take() {
    if (there) {
      return;
    }
    try {
      if (volume.free() < 16L * BYTES) {
        return;
      }
      try (Volume.Handle file = volume.open(FILE, true)) {
        if (file.size() < BYTES) {
          file.write(ByteBuffer.allocate(BYTES), 0);
        }
      }
      there = true;
    } catch (IOException e) {
      LOG.debug("{}: no reserve", volume.name(), e);
    }
  }

  /** Gives it up; whether that may help. */
  boolean release() {
    if (!there) {
      return false;
    }
    there = false;
    try {
      volume.delete(FILE);
      return true;
    } catch (IOException e) {
      LOG.debug("{}: the reserve cannot be given up", volume.name(), e);
      return false;
    }
  }
}
