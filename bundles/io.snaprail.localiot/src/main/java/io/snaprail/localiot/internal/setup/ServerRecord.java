package io.snaprail.localiot.internal.setup;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.snaprail.api.file.AtomicFile;
import io.snaprail.localiot.internal.json.JsonException;
import io.snaprail.localiot.internal.json.Members;
import io.snaprail.localiot.internal.json.StrictJson;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Which server certificate was issued, by which authority and for which names: says whether it has
 * to be issued again.
 *
 * @param certificate id of the certificate
 * @param authority id of the authority's certificate
 * @param names names and addresses that it is for
 */
record ServerRecord(String certificate, String authority, List<String> names) {
  ServerRecord {
    names = List.copyOf(names);
  }

  /** What was written last; empty when there is none or it is damaged: it is then made again. */
  static Optional<ServerRecord> read(Path file) throws IOException {
    try {
      JsonObject json = StrictJson.parseObject(Files.readString(file));
      return Optional.of(
          new ServerRecord(
              Members.string(json, "certificate"),
              Members.string(json, "authority"),
              Members.strings(json, "names")));
    } catch (NoSuchFileException firstStart) {
      return Optional.empty();
    } catch (JsonException damaged) {
      return Optional.empty();
    }
  }

  void write(Path file) throws IOException {
    JsonObject json = new JsonObject();
    json.addProperty("certificate", certificate);
    json.addProperty("authority", authority);
    JsonArray array = new JsonArray();
    names.forEach(array::add);
    json.add("names", array);
    byte[] text = StrictJson.writePretty(json).getBytes(StandardCharsets.UTF_8);
    AtomicFile.write(file, text, AtomicFile.PRIVATE);
  }
}
