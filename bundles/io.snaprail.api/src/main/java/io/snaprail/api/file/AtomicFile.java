package io.snaprail.api.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * Replaces a file so that after a power cut at any moment either the old or the new content is
 * there: temporary file beside it, fsync, one atomic rename, fsync of the folder. The only way in
 * this project to write a file that matters.
 */
public final class AtomicFile {
  /** Owner may read and write: for everything that is not for everyone's eyes. */
  public static final Set<PosixFilePermission> PRIVATE =
      PosixFilePermissions.fromString("rw-------");

  /** Owner may read and write, others may read. */
  public static final Set<PosixFilePermission> PUBLIC =
      PosixFilePermissions.fromString("rw-r--r--");

  private AtomicFile() {}

  /**
   * Writes a file, making its folder if needed.
   *
   * @throws IOException when anything fails; the old content is then still there
   */
  public static void write(Path file, byte[] content, Set<PosixFilePermission> permissions)
      throws IOException {
    Path target = file.toAbsolutePath();
    Path folder = target.getParent();
    if (folder == null) {
      throw new FileSystemException(file.toString(), null, "is not a file in a folder");
    }
    Files.createDirectories(folder);
    FileAttribute<?> attribute = PosixFilePermissions.asFileAttribute(permissions);
    // Hidden, and of a suffix of its own, so that folder watchers and globs pass it by.
    Path temporary = Files.createTempFile(folder, "." + target.getFileName(), ".new", attribute);
    try {
      // The umask may have taken rights that were asked for.
      Files.setPosixFilePermissions(temporary, permissions);
      try (FileChannel channel = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
        ByteBuffer bytes = ByteBuffer.wrap(content);
        while (bytes.hasRemaining()) {
          channel.write(bytes);
        }
        channel.force(true);
      }
      Files.move(
          temporary, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException | RuntimeException failure) {
      deleteQuietly(temporary, failure);
      throw failure;
    }
    syncFolder(folder);
  }

  /** Deletes a file, durably; whether there was one. */
  public static boolean delete(Path file) throws IOException {
    boolean existed = Files.deleteIfExists(file);
    Path folder = file.toAbsolutePath().getParent();
    if (existed && folder != null) {
      syncFolder(folder);
    }
    return existed;
  }

  private static void syncFolder(Path folder) throws IOException {
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  private static void deleteQuietly(Path temporary, Exception failure) {
    try {
      Files.deleteIfExists(temporary);
    } catch (IOException second) {
      failure.addSuppressed(second);
    }
  }
}
