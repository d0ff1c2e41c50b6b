package io.snaprail.deploy.internal.pages;

import io.snaprail.api.console.ConsoleException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;

/** Files that come from a browser in pieces, into the inbox. Safe for any thread. */
final class Uploads {
  private static final String PREFIX = "upload-";
  private static final int MOST_FILES = 8;

  private final Path inbox;
  private final long most;

  Uploads(Path inbox, long most) {
    this.inbox = inbox;
    this.most = most;
  }

  /**
   * Takes a piece; the first one begins the file anew.
   *
   * @return the name for an order's address
   */
  synchronized String piece(String name, long offset, byte[] data) throws ConsoleException {
    if (!name.matches("[A-Za-z0-9_-][A-Za-z0-9._-]{0,99}")) {
      throw refused("expected a file whose name has 1..100 letters, digits, '.', '_', '-'");
    }
    if (offset + data.length > most) {
      throw refused("the bundle is larger than 'max.bytes', which is " + most);
    }
    Path file = inbox.resolve(PREFIX + name);
    try {
      Files.createDirectories(inbox);
      if (offset == 0) {
        Files.deleteIfExists(file);
        room();
      }
      long there = Files.exists(file) ? Files.size(file) : 0;
      if (there != offset) {
        throw refused("expected the piece at " + there + ", found the one at " + offset);
      }
      try (OutputStream out =
          Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
        out.write(data);
      }
    } catch (IOException e) {
      throw new ConsoleException(500, "not_kept", "The file cannot be kept: " + e.getMessage(), e);
    }
    return PREFIX + name;
  }

  /** What nobody ordered goes first. */
  private void room() throws IOException {
    List<Path> uploads;
    try (Stream<Path> files = Files.list(inbox)) {
      uploads =
          files
              .filter(file -> String.valueOf(file.getFileName()).startsWith(PREFIX))
              .sorted()
              .toList();
    }
    for (Path file : uploads.subList(0, Math.max(0, uploads.size() - MOST_FILES + 1))) {
      Files.deleteIfExists(file);
    }
  }

  /** An order has ended: what was uploaded for it is not needed any more. */
  synchronized void done(String url) {
    String name = url.startsWith("file:") ? url.substring("file:".length()) : "";
    if (name.matches(PREFIX + "[A-Za-z0-9._-]{1,100}")) {
      try {
        Files.deleteIfExists(inbox.resolve(name));
      } catch (IOException kept) {
        // It goes when others need the room.
        return;
      }
    }
  }

  private static ConsoleException refused(String message) {
    return new ConsoleException(400, "bad_upload", "The upload is not taken: " + message + ".");
  }
}
