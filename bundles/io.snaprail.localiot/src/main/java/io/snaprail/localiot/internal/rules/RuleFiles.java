package io.snaprail.localiot.internal.rules;

import io.snaprail.api.file.AtomicFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/** Rules on disk: {@code NAME.json} is the document of rule {@code NAME}. */
final class RuleFiles {
  private static final String SUFFIX = ".json";

  private final Path folder;

  RuleFiles(Path folder) {
    this.folder = folder;
  }

  /** The documents that are there, by name of the rule. */
  Map<String, String> texts() throws IOException {
    Map<String, String> texts = new TreeMap<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*" + SUFFIX)) {
      for (Path file : files) {
        String name = file.getFileName().toString();
        texts.put(name.substring(0, name.length() - SUFFIX.length()), Files.readString(file));
      }
    } catch (NoSuchFileException nothingYet) {
      return Map.of();
    }
    return texts;
  }

  void write(String name, String text) throws IOException {
    AtomicFile.write(
        folder.resolve(name + SUFFIX), text.getBytes(StandardCharsets.UTF_8), AtomicFile.PRIVATE);
  }

  void delete(String name) throws IOException {
    AtomicFile.delete(folder.resolve(name + SUFFIX));
  }
}
