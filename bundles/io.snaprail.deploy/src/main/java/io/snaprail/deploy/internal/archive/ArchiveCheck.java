package io.snaprail.deploy.internal.archive;

import io.snaprail.deploy.internal.DeployException;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Enumeration;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * Whether a file is an archive that every reader reads alike: what the signature is checked on must
 * be what the framework runs. One end record at the very end, no Zip64, no name twice, no way out
 * of the folder, and not more unpacked than a gateway can bear.
 */
public final class ArchiveCheck {
  private static final int END_BYTES = 22;
  private static final int END_MARK = 0x06054b50;
  private static final int LOCAL_MARK = 0x04034b50;
  private static final int DIRECTORY_MARK = 0x02014b50;
  private static final int MOST_ENTRIES = 10_000;
  private static final long MOST_BYTES = 256L << 20;
  private static final long RATIO = 100;

  /** Small files shrink by more than bombs do. */
  private static final long RATIO_FREE = 1L << 20;

  private ArchiveCheck() {}

  /**
   * Checks.
   *
   * @throws DeployException refused, with what is wrong
   */
  public static void check(Path jar) throws DeployException, IOException {
    int entries = structure(jar);
    try (ZipFile zip = new ZipFile(jar.toFile())) {
      if (zip.size() != entries) {
        throw bad("its directory holds " + zip.size() + " entries, and its end says " + entries);
      }
      names(zip);
      sizes(zip, Files.size(jar));
    } catch (IOException | IllegalArgumentException e) {
      throw bad("it cannot be read: " + e.getMessage());
    }
  }

  /** Where a reader might look elsewhere than another does; the number of entries. */
  private static int structure(Path jar) throws DeployException, IOException {
    try (RandomAccessFile file = new RandomAccessFile(jar.toFile(), "r")) {
      if (file.length() < END_BYTES || Integer.reverseBytes(file.readInt()) != LOCAL_MARK) {
        throw bad("it does not begin as one");
      }
      byte[] tail = new byte[END_BYTES];
      file.seek(file.length() - END_BYTES);
      file.readFully(tail);
      ByteBuffer end = ByteBuffer.wrap(tail).order(ByteOrder.LITTLE_ENDIAN);
      long size = Integer.toUnsignedLong(end.getInt(12));
      long start = Integer.toUnsignedLong(end.getInt(16));
      int entries = Short.toUnsignedInt(end.getShort(10));
      if (end.getInt(0) != END_MARK
          || end.getInt(4) != 0
          || Short.toUnsignedInt(end.getShort(8)) != entries
          || end.getShort(20) != 0
          || start + size != file.length() - END_BYTES) {
        throw bad(
            "expected one directory and one end record at its end, without comment and Zip64");
      }
      file.seek(start);
      if (entries == 0 || Integer.reverseBytes(file.readInt()) != DIRECTORY_MARK) {
        throw bad("its directory is not where its end says");
      }
      return entries;
    }
  }

  private static void names(ZipFile zip) throws DeployException {
    if (zip.size() > MOST_ENTRIES) {
      throw bad("expected at most " + MOST_ENTRIES + " entries, found " + zip.size());
    }
    Set<String> seen = new HashSet<>();
    Enumeration<? extends ZipEntry> entries = zip.entries();
    while (entries.hasMoreElements()) {
      String name = entries.nextElement().getName();
      // In any case of letters: META-INF is looked up that way.
      if (!seen.add(name.toUpperCase(Locale.ROOT))) {
        throw bad("'" + name + "' is in it twice");
      }
      if (name.startsWith("/")
          || name.contains("\\")
          || name.chars().anyMatch(c -> c < ' ')
          || List.of(name.split("/")).contains("..")) {
        throw bad("'" + name + "' is no name for a file in a bundle");
      }
    }
  }

  private static void sizes(ZipFile zip, long packed) throws DeployException, IOException {
    byte[] buffer = new byte[1 << 14];
    long total = 0;
    long most = Math.min(MOST_BYTES, Math.max(RATIO_FREE, packed * RATIO));
    Enumeration<? extends ZipEntry> entries = zip.entries();
    while (entries.hasMoreElements()) {
      try (InputStream in = zip.getInputStream(entries.nextElement())) {
        for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
          total += read;
          if (total > most) {
            throw bad("unpacked, it is larger than " + most + " bytes");
          }
        }
      }
    }
  }

  private static DeployException bad(String why) {
    return DeployException.refused("this is not a jar that can be deployed: " + why);
  }
}
