package io.snaprail.sparkplug.internal;

import io.snaprail.api.file.AtomicFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The number that ties a death certificate to its birth (specification 3.0.0, 6.4.7): 0..255, one
 * more for each CONNECT, kept over restarts, so that a will that comes late from the connection
 * before never declares the present one dead. Not for several threads.
 */
public final class BirthDeathSequence {
  private static final Logger LOG = LoggerFactory.getLogger(BirthDeathSequence.class);
  private static final int MASK = 0xff;
  private static final int UNREAD = -2;

  private final Path file;
  private int current = UNREAD;

  /** Kept in a file. */
  public BirthDeathSequence(Path file) {
    this.file = file;
  }

  /** The number of the present connection. */
  int current() {
    return Math.max(0, current);
  }

  /** The number of the next connection, which is now the present one. */
  int next() {
    if (current == UNREAD) {
      current = read();
    }
    current = (current + 1) & MASK;
    try {
      AtomicFile.write(
          file, Integer.toString(current).getBytes(StandardCharsets.US_ASCII), AtomicFile.PRIVATE);
    } catch (IOException e) {
      // The number goes on from here; only after a restart it may be one that was used before.
      LOG.warn("{}: the birth and death sequence is not kept: {}", file, e.getMessage());
    }
    return current;
  }

  private int read() {
    try {
      return Files.exists(file) ? Integer.parseInt(Files.readString(file).strip()) & MASK : -1;
    } catch (IOException | NumberFormatException e) {
      LOG.warn("{}: not readable, the birth and death sequence begins anew", file, e);
      return -1;
    }
  }
}
