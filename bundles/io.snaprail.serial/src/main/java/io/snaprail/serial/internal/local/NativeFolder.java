package io.snaprail.serial.internal.local;

import io.snaprail.api.file.AtomicFile;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A folder for libraries that nobody but the gateway's own account can put anything into, because
 * what lies there is loaded into the process.
 */
final class NativeFolder {
  private static final Logger LOG = LoggerFactory.getLogger(NativeFolder.class);
  private static final Set<PosixFilePermission> OWNER_ONLY =
      PosixFilePermissions.fromString("rwx------");

  private final Path folder;

  NativeFolder(Path folder) {
    this.folder = folder;
  }

  Path path() {
    return folder;
  }

  /** Makes the folder, or checks the one that is there. */
  void prepare() throws IOException {
    Path parent = folder.getParent();
    if (parent != null) {
      Files.createDirectories(parent);
    }
    secure(folder);
  }

  /** A folder in it, made or checked in the same way. */
  Path subfolder(String name) throws IOException {
    Path sub = folder;
    for (Path part : Path.of(name)) {
      sub = sub.resolve(part);
      secure(sub);
    }
    return sub;
  }

  private static void secure(Path directory) throws IOException {
    if (!Files.exists(directory, LinkOption.NOFOLLOW_LINKS)) {
      Files.createDirectory(directory, PosixFilePermissions.asFileAttribute(OWNER_ONLY));
    }
    PosixFileAttributes found =
        Files.readAttributes(directory, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    if (!found.isDirectory()) {
      throw new FileSystemException(
          directory.toString(), null, "expected a folder, found a link or a file; remove it");
    }
    String owner = found.owner().getName();
    String self = owner(Path.of("/proc/self"), owner);
    if (!owner.equals(self)) {
      throw new FileSystemException(
          directory.toString(),
          null,
          "expected to be owned by '%s', found '%s'; remove it or change its owner"
              .formatted(self, owner));
    }
    if (!found.permissions().equals(OWNER_ONLY)) {
      LOG.warn(
          "{} was open to others ({}): closed it. What lay in it is checked.",
          directory,
          PosixFilePermissions.toString(found.permissions()));
      Files.setPosixFilePermissions(directory, OWNER_ONLY);
    }
  }

  /** The account that runs this process; the fallback where there is no /proc. */
  private static String owner(Path proc, String fallback) throws IOException {
    return Files.exists(proc) ? Files.getOwner(proc).getName() : fallback;
  }

  /**
   * Puts a library in place, unless the very same is there. What is there is replaced, never
   * written over: it may be mapped by the process, or be a link to somewhere else.
   */
  void put(String name, byte[] content) throws IOException {
    Path parent = Path.of(name).getParent();
    Path target =
        (parent == null ? folder : subfolder(parent.toString()))
            .resolve(Path.of(name).getFileName());
    if (Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
      boolean file = Files.isRegularFile(target, LinkOption.NOFOLLOW_LINKS);
      if (file && MessageDigest.isEqual(sha256(Files.readAllBytes(target)), sha256(content))) {
        Files.setPosixFilePermissions(target, AtomicFile.PRIVATE);
        return;
      }
      LOG.warn("{} is not the library that is shipped: replaced it", target);
    }
    AtomicFile.write(target, content, AtomicFile.PRIVATE);
    if (!MessageDigest.isEqual(sha256(Files.readAllBytes(target)), sha256(content))) {
      throw new FileSystemException(
          target.toString(), null, "its SHA-256 differs from what was written; is the disk sound?");
    }
  }

  private static byte[] sha256(byte[] content) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(content);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
