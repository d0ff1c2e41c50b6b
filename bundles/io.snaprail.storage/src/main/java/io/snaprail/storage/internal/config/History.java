package io.snaprail.storage.internal.config;

import io.snaprail.api.file.AtomicFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The last good versions of each configuration, as files that a person can copy back. Safe for any
 * thread.
 */
final class History {
  /** Versions that are kept of each PID. */
  static final int KEPT = 10;

  private static final Pattern VERSION = Pattern.compile("(\\d{8})-[0-9TZ]+\\.json");
  private static final String REJECTED = "rejected.json";
  private static final DateTimeFormatter STAMP =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

  private final Path folder;
  private final Clock clock;

  History(Path folder, Clock clock) {
    this.folder = folder;
    this.clock = clock;
  }

  /**
   * Keeps a version, unless it is the newest already; the oldest beyond {@link #KEPT} goes.
   *
   * @return whether there was another version before
   */
  synchronized boolean keep(String pid, byte[] content) throws IOException {
    List<Path> versions = versions(pid);
    if (!versions.isEmpty() && Arrays.equals(Files.readAllBytes(versions.get(0)), content)) {
      return false;
    }
    // Numbered, because clocks of gateways jump.
    int next = versions.isEmpty() ? 1 : number(versions.get(0)) + 1;
    String name = String.format("%08d-%s.json", next, STAMP.format(clock.instant()));
    AtomicFile.write(folder(pid).resolve(name), content, AtomicFile.PRIVATE);
    for (Path old : versions.subList(Math.min(KEPT - 1, versions.size()), versions.size())) {
      AtomicFile.delete(old);
    }
    return !versions.isEmpty();
  }

  /** Sets a text aside that was not usable and is about to be replaced. */
  synchronized void keepRejected(String pid, byte[] content) throws IOException {
    AtomicFile.write(folder(pid).resolve(REJECTED), content, AtomicFile.PRIVATE);
  }

  /** The newest version that passes a test; null when none does. */
  synchronized byte @Nullable [] newest(String pid, Predicate<byte[]> test) throws IOException {
    for (Path version : versions(pid)) {
      byte[] content = Files.readAllBytes(version);
      if (test.test(content)) {
        return content;
      }
    }
    return null;
  }

  /** Newest first. */
  private List<Path> versions(String pid) throws IOException {
    try (Stream<Path> files = Files.list(folder(pid))) {
      return files
          .filter(file -> number(file) > 0)
          .sorted((a, b) -> Integer.compare(number(b), number(a)))
          .toList();
    } catch (NoSuchFileException e) {
      return List.of();
    }
  }

  private static int number(Path file) {
    Matcher matcher = VERSION.matcher(String.valueOf(file.getFileName()));
    return matcher.matches() ? Integer.parseInt(matcher.group(1)) : 0;
  }

  private Path folder(String pid) {
    String name = Pid.fileName(pid);
    return folder.resolve(name.substring(0, name.length() - Pid.SUFFIX.length()));
  }
}
