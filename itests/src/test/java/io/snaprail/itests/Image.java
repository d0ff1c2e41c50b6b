package io.snaprail.itests;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The assembled distribution that the tests run. */
final class Image {
  static final Path HOME = Path.of(System.getProperty("snaprail.image")).normalize();
  static final Path ARCHIVE = Path.of(System.getProperty("snaprail.archive")).normalize();
  static final Path WORK = Path.of(System.getProperty("snaprail.work"));

  /** What {@code snaprail run} starts. */
  static final List<String> RUN = List.of("base", "console", "southbound", "northbound");

  private Image() {}

  record Bundle(Path file, int startLevel) {}

  static JsonObject feature(String name) {
    return JsonParser.parseString(read(HOME.resolve("features/" + name + ".json")))
        .getAsJsonObject();
  }

  static List<Bundle> bundles(List<String> features) {
    List<Bundle> bundles = new ArrayList<>();
    for (String name : features) {
      for (JsonElement element : feature(name).getAsJsonArray("bundles")) {
        JsonObject bundle = element.getAsJsonObject();
        String[] id = bundle.get("id").getAsString().split(":");
        bundles.add(
            new Bundle(
                HOME.resolve("bundles/" + id[1] + "-" + id[2] + ".jar"),
                bundle.get("start-order").getAsInt()));
      }
    }
    return bundles;
  }

  static Map<String, String> properties(List<String> features) {
    Map<String, String> properties = new LinkedHashMap<>();
    for (String name : features) {
      JsonObject feature = feature(name);
      if (feature.has("extensions")) {
        feature
            .getAsJsonObject("extensions")
            .getAsJsonObject("framework-launching-properties")
            .getAsJsonObject("json")
            .entrySet()
            .forEach(e -> properties.put(e.getKey(), e.getValue().getAsString()));
      }
    }
    return properties;
  }

  static List<String> featureNames() {
    return list(HOME.resolve("features")).stream()
        .map(p -> p.getFileName().toString())
        .filter(n -> n.endsWith(".json"))
        .map(n -> n.substring(0, n.length() - ".json".length()))
        .sorted()
        .toList();
  }

  static List<Path> list(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      return files.sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
