package io.snaprail.storage.internal.spool;

import java.io.IOException;

/** Less disk is free than a lane is to leave. */
final class DiskFullException extends IOException {
  private static final long serialVersionUID = 1L;

  DiskFullException(long free, long needed) {
    super("expected " + needed + " bytes of free disk, found " + free);
  }
}
