package io.snaprail.core.internal.points;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A folder of register maps. Nothing outside it is reached: names are those of files right in it,
 * and a link counts only if it leads to a file in the folder.
 *
 * @param path of the folder; it need not be there
 */
public record MapFolder(Path path) {
  private static final String ENDING = ".csv";
  private static final int MAX_NAME = 100;

  /** Makes the path absolute. */
  public MapFolder {
    path = path.toAbsolutePath().normalize();
  }

  /** What a name may be, for messages. */
  public static String expectedName() {
    return "the name of a file such as meter.csv: letters, digits, '_', '-' or '.', at most "
        + MAX_NAME
        + " characters, not beginning with '.'";
  }

  /** Whether a text can be the name of a map. */
  public static boolean isName(String name) {
    return name.length() <= MAX_NAME
        && name.length() > ENDING.length()
        && name.toLowerCase(Locale.ROOT).endsWith(ENDING)
        && name.charAt(0) != '.'
        && name.chars().allMatch(MapFolder::allowed);
  }

  private static boolean allowed(int c) {
    return Character.isLetterOrDigit(c) || c == '_' || c == '-' || c == '.';
  }

  /** Where a map of the name is or would be. */
  public Path file(String name) {
    if (!isName(name)) {
      throw new IllegalArgumentException("expected " + expectedName() + ", found '" + name + "'");
    }
    return path.resolve(name);
  }

  /** Changes whenever the map does; null when there is none. */
  public @Nullable String stamp(String name) {
    if (!isName(name)) {
      return null;
    }
    Path file = path.resolve(name);
    try {
      BasicFileAttributes found =
          Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      if (found.isSymbolicLink()) {
        Path real = file.toRealPath();
        if (!real.startsWith(path.toRealPath())) {
          return null;
        }
        found = Files.readAttributes(real, BasicFileAttributes.class);
      }
      return found.isRegularFile() ? found.lastModifiedTime() + "/" + found.size() : null;
    } catch (IOException e) {
      return null;
    }
  }

  /** Names of the maps, sorted. */
  public List<String> names() throws IOException {
    TreeSet<String> names = new TreeSet<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(path)) {
      for (Path file : files) {
        String name = String.valueOf(file.getFileName());
        if (stamp(name) != null) {
          names.add(name);
        }
      }
    } catch (NoSuchFileException | NotDirectoryException e) {
      return List.of();
    }
    return List.copyOf(names);
  }
}
