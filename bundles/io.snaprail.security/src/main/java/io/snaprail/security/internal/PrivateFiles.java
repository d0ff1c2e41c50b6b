package io.snaprail.security.internal;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Set;

/** Folders and files that only the gateway's own user may touch. */
public final class PrivateFiles {
  private static final Set<PosixFilePermission> OWNER_ONLY =
      EnumSet.of(
          PosixFilePermission.OWNER_READ,
          PosixFilePermission.OWNER_WRITE,
          PosixFilePermission.OWNER_EXECUTE);

  private PrivateFiles() {}

  /** Makes a folder of mode 0700, durably, if there is none. */
  public static void createFolder(Path folder) throws IOException {
    if (Files.isDirectory(folder)) {
      return;
    }
    Files.createDirectories(
        folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    Path parent = folder.toAbsolutePath().getParent();
    if (parent != null) {
      syncFolder(parent);
    }
  }

  /**
   * Checks that nobody but the owner has any right.
   *
   * @param expected the mode to ask for, such as {@code 0600}
   * @throws UnsafeFileException naming the file, its mode and the command that puts it right
   */
  public static void requirePrivate(Path file, String expected) throws IOException {
    Set<PosixFilePermission> found = Files.getPosixFilePermissions(file);
    if (!OWNER_ONLY.containsAll(found)) {
      throw new UnsafeFileException(
          "%s has mode %s (%s), expected %s: other users of this machine may use it. Find out who did, then run: chmod %s %s"
              .formatted(
                  file,
                  octal(file),
                  PosixFilePermissions.toString(found),
                  expected,
                  expected,
                  file));
    }
  }

  /** Makes the entries of a folder durable. */
  public static void syncFolder(Path folder) throws IOException {
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  private static String octal(Path file) throws IOException {
    return "%04o".formatted((int) Files.getAttribute(file, "unix:mode") & 07777);
  }
}
