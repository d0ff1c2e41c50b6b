package io.snaprail.localiot.internal.rules;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * Files that rules append lines to. One that becomes too large is put aside as {@code NAME.1}, in
 * place of the one that was there: two files of 1 MiB at most for each name. A power cut may cost
 * the last lines.
 */
final class LineFiles {
  private static final long LARGEST = 1024L * 1024;

  private final Path folder;

  LineFiles(Path folder) {
    this.folder = folder;
  }

  void append(String name, byte[] line) throws IOException {
    Files.createDirectories(folder);
    Path file = folder.resolve(name);
    if (Files.exists(file) && Files.size(file) + line.length + 1 > LARGEST) {
      Files.move(file, folder.resolve(name + ".1"), StandardCopyOption.REPLACE_EXISTING);
    }
    byte[] whole = java.util.Arrays.copyOf(line, line.length + 1);
    whole[line.length] = '\n';
    Files.write(file, whole, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }
}
