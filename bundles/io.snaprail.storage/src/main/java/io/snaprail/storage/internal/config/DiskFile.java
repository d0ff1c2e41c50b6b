package io.snaprail.storage.internal.config;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What was found in a file.
 *
 * @param content null when there is no file or it cannot be read
 * @param document null when it is not a configuration
 * @param faults why there is no document; empty when there is one or there is no file
 */
@SuppressWarnings("ArrayRecordComponent") // compared by content below; never changed
record DiskFile(byte @Nullable [] content, @Nullable ConfigDocument document, List<Fault> faults) {

  /** There is no file. */
  static final DiskFile ABSENT = new DiskFile(null, null, List.of());

  /**
   * What tells cheaply that a file is another one than before.
   *
   * @param key the file system's identity of the file; null when it has none
   */
  record Stamp(FileTime modified, long size, @Nullable Object key) {
    /** Of a regular file; null when it is none, such as a folder or a pipe. */
    static @Nullable Stamp of(Path file) throws IOException {
      BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
      return attributes.isRegularFile()
          ? new Stamp(attributes.lastModifiedTime(), attributes.size(), attributes.fileKey())
          : null;
    }
  }

  static DiskFile read(Path file) {
    byte[] content;
    try (InputStream in = Files.newInputStream(file)) {
      content = in.readNBytes(ConfigDocument.MAX_BYTES + 1);
    } catch (NoSuchFileException e) {
      return ABSENT;
    } catch (AccessDeniedException e) {
      return unreadable("permission denied; let the user that runs the gateway read it");
    } catch (IOException e) {
      return unreadable(String.valueOf(e.getMessage()));
    }
    return of(content);
  }

  private static DiskFile unreadable(String why) {
    return new DiskFile(null, null, List.of(Fault.ofFile("cannot be read: " + why)));
  }

  static DiskFile of(byte[] content) {
    try {
      return new DiskFile(content, ConfigDocument.parse(content), List.of());
    } catch (ConfigException e) {
      return new DiskFile(content, null, e.faults());
    }
  }

  boolean sameContent(DiskFile other) {
    boolean absent = content == null && other.content == null;
    return absent ? faults.equals(other.faults) : Arrays.equals(content, other.content);
  }

  boolean absent() {
    return content == null && faults.isEmpty();
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof DiskFile file && sameContent(file);
  }

  @Override
  public int hashCode() {
    return Objects.hash(Arrays.hashCode(content), content == null ? faults : null);
  }
}
