package io.snaprail.certificates.internal.store;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import org.jspecify.annotations.Nullable;

/** Folders of mode 0700. */
final class PrivateFolder {
  private PrivateFolder() {}

  /** Makes a folder, durably, if there is none. */
  static void create(Path folder) throws IOException {
    if (Files.isDirectory(folder)) {
      return;
    }
    Files.createDirectories(
        folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    sync(folder.toAbsolutePath().getParent());
  }

  /** Removes an empty folder, durably; one that is gone or not empty is left alone. */
  static void removeIfEmpty(Path folder) throws IOException {
    String[] entries = folder.toFile().list();
    if (entries != null && entries.length == 0 && Files.deleteIfExists(folder)) {
      sync(folder.toAbsolutePath().getParent());
    }
  }

  private static void sync(@Nullable Path folder) throws IOException {
    if (folder == null) {
      return;
    }
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }
}
