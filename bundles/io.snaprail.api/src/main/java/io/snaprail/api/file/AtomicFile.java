package io.snaprail.api.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

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

  private static final String TEMPORARY = ".new";
  private static final int MAX_DEPTH = 8;

  /** What is called before each step; only tests put another here (FileFaults of the test kit). */
  static volatile Steps steps = (step, file) -> {};

  private AtomicFile() {}

  /** Where a write or a delete may fail, or a power cut end it. */
  enum Step {
    /** The temporary file is made. */
    CREATE,
    /** It gets its content. */
    WRITE,
    /** That goes to the disk. */
    SYNC,
    /** It takes the file's name. */
    MOVE,
    /** Names go to the disk. */
    SYNC_FOLDER,
    /** The file is deleted. */
    DELETE,
    /** After a failure the temporary file is deleted. */
    CLEAN_UP
  }

  /** Looks at the steps. */
  @FunctionalInterface
  interface Steps {
    /** Makes a step fail by what it throws. */
    void before(Step step, Path file) throws IOException;
  }

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
    steps.before(Step.CREATE, target);
    // Hidden, and of a suffix of its own, so that folder watchers and globs pass it by.
    Path temporary = Files.createTempFile(folder, "." + target.getFileName(), TEMPORARY, attribute);
    try {
      // The umask may have taken rights that were asked for.
      Files.setPosixFilePermissions(temporary, permissions);
      try (FileChannel channel = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
        steps.before(Step.WRITE, target);
        ByteBuffer bytes = ByteBuffer.wrap(content);
        while (bytes.hasRemaining()) {
          channel.write(bytes);
        }
        steps.before(Step.SYNC, target);
        channel.force(true);
      }
      steps.before(Step.MOVE, target);
      Files.move(
          temporary, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException | RuntimeException failure) {
      deleteQuietly(temporary, target, failure);
      throw failure;
    }
    steps.before(Step.SYNC_FOLDER, target);
    syncFolder(folder);
  }

  /**
   * Gives a file that was written aside its name, in place of what has it now: for what is too big
   * to be held in memory. Both are on one file system.
   *
   * @param finished complete, and open nowhere; it is gone afterwards
   * @throws IOException when anything fails; the old content is then still there
   */
  public static void adopt(Path finished, Path file, Set<PosixFilePermission> permissions)
      throws IOException {
    Path target = file.toAbsolutePath();
    Path folder = target.getParent();
    if (folder == null) {
      throw new FileSystemException(file.toString(), null, "is not a file in a folder");
    }
    Files.createDirectories(folder);
    Files.setPosixFilePermissions(finished, permissions);
    steps.before(Step.SYNC, target);
    try (FileChannel channel = FileChannel.open(finished, StandardOpenOption.WRITE)) {
      channel.force(true);
    }
    steps.before(Step.MOVE, target);
    Files.move(
        finished, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    steps.before(Step.SYNC_FOLDER, target);
    syncFolder(folder);
  }

  /** Deletes a file, durably; whether there was one. */
  public static boolean delete(Path file) throws IOException {
    Path target = file.toAbsolutePath();
    steps.before(Step.DELETE, target);
    boolean existed = Files.deleteIfExists(target);
    Path folder = target.getParent();
    if (existed && folder != null) {
      steps.before(Step.SYNC_FOLDER, target);
      syncFolder(folder);
    }
    return existed;
  }

  /**
   * Removes what writes left that were cut by a power cut or kill -9: hidden temporary files in a
   * folder and those below it. Only for whoever owns the folder, before it writes there.
   *
   * @return how many there were
   */
  public static int removeLeftovers(Path folder) throws IOException {
    List<Path> leftovers;
    try (Stream<Path> files = Files.walk(folder, MAX_DEPTH)) {
      leftovers = files.filter(AtomicFile::isTemporary).toList();
    } catch (NoSuchFileException nothing) {
      return 0;
    }
    for (Path leftover : leftovers) {
      Files.deleteIfExists(leftover);
    }
    return leftovers.size();
  }

  private static boolean isTemporary(Path file) {
    String name = String.valueOf(file.getFileName());
    return name.startsWith(".") && name.endsWith(TEMPORARY) && Files.isRegularFile(file);
  }

  private static void syncFolder(Path folder) throws IOException {
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  private static void deleteQuietly(Path temporary, Path target, Exception failure) {
    try {
      steps.before(Step.CLEAN_UP, target);
      Files.deleteIfExists(temporary);
    } catch (IOException | RuntimeException second) {
      failure.addSuppressed(second);
    }
  }
}
