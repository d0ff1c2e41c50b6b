package io.snaprail.localiot.internal.shadow;

import com.google.gson.JsonObject;
import io.snaprail.api.file.AtomicFile;
import io.snaprail.localiot.internal.json.JsonException;
import io.snaprail.localiot.internal.json.Members;
import io.snaprail.localiot.internal.json.StrictJson;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Shadows on disk, one file each, replaced as a whole. */
final class ShadowFiles {
  private final Path folder;

  ShadowFiles(Path folder) {
    this.folder = folder;
  }

  /**
   * Reads a shadow; {@link ShadowDocument#NONE} when there is no file.
   *
   * @throws IOException when it cannot be read or is damaged; the message names the file
   */
  ShadowDocument read(ShadowName name) throws IOException {
    Path file = file(name);
    try {
      return document(StrictJson.parseObject(Files.readString(file)));
    } catch (NoSuchFileException never) {
      return ShadowDocument.NONE;
    } catch (JsonException e) {
      throw new IOException(
          file
              + " cannot be read: "
              + e.getMessage()
              + "; restore it from a backup, or move it away to start with an empty shadow",
          e);
    }
  }

  void write(ShadowName name, ShadowDocument document) throws IOException {
    JsonObject json = new JsonObject();
    json.addProperty("version", document.version());
    if (document.deletedAt() != null) {
      json.addProperty("deletedAt", document.deletedAt());
    }
    section(json, "desired", document.desired());
    section(json, "reported", document.reported());
    byte[] text = StrictJson.writePretty(json).getBytes(StandardCharsets.UTF_8);
    AtomicFile.write(file(name), text, AtomicFile.PRIVATE);
  }

  /** Names of the named shadows of a thing that have a file, in alphabetical order. */
  List<String> named(String thing) throws IOException {
    String prefix = thing + "~";
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, prefix + "*.json")) {
      List<String> names = new ArrayList<>();
      for (Path file : files) {
        String name = file.getFileName().toString();
        names.add(name.substring(prefix.length(), name.length() - ".json".length()));
      }
      Collections.sort(names);
      return names;
    } catch (NoSuchFileException nothingYet) {
      return List.of();
    }
  }

  // Names hold only letters, digits, ':', '_' and '-': none leads out of the folder, and '~' keeps
  // a named shadow apart from a thing that is called so.
  private Path file(ShadowName name) {
    return folder.resolve(
        name.shadow().isEmpty()
            ? name.thing() + ".json"
            : name.thing() + "~" + name.shadow() + ".json");
  }

  private static void section(JsonObject json, String name, @Nullable Section section) {
    if (section != null) {
      JsonObject both = new JsonObject();
      both.add("state", section.state());
      both.add("metadata", section.metadata());
      json.add(name, both);
    }
  }

  private static ShadowDocument document(JsonObject json) throws JsonException {
    return new ShadowDocument(
        section(json, "desired"),
        section(json, "reported"),
        Members.number(json, "version"),
        json.has("deletedAt") ? Members.number(json, "deletedAt") : null);
  }

  private static @Nullable Section section(JsonObject json, String name) throws JsonException {
    if (!json.has(name)) {
      return null;
    }
    JsonObject both = Members.object(json, name);
    return new Section(Members.object(both, "state"), Members.object(both, "metadata"));
  }
}
