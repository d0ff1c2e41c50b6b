package io.snaprail.launcher;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A feature file (OSGi R8 Compendium, chapter 159), as far as it is used here: bundles with their
 * start order, and framework properties in the extension {@code framework-launching-properties}
 * (chapter 160).
 *
 * @param bundles in the order of the file
 * @param properties for the framework
 */
record Feature(List<Entry> bundles, Map<String, String> properties) {
  private static final String PROPERTIES = "framework-launching-properties";
  private static final Set<String> KNOWN =
      Set.of(
          "feature-resource-version",
          "id",
          "name",
          "description",
          "license",
          "complete",
          "bundles",
          "extensions");
  private static final int DEFAULT_START_ORDER = 20;

  /**
   * A bundle of a feature.
   *
   * @param id {@code group:artifact:version}
   * @param startOrder start level, 1 or above
   */
  record Entry(String id, int startOrder) {
    /** Name of its file in the folder {@code bundles/}. */
    String fileName() {
      String[] parts = id.split(":");
      return parts[1] + "-" + parts[parts.length - 1] + ".jar";
    }
  }

  static Feature read(Path file) throws LaunchException {
    try {
      JsonElement json = JsonParser.parseString(Files.readString(file));
      return parse(json.getAsJsonObject(), file);
    } catch (IOException e) {
      throw new LaunchException(file + ": cannot be read: " + e, e);
    } catch (JsonParseException
        | IllegalStateException
        | ClassCastException
        | UnsupportedOperationException
        | NumberFormatException e) {
      throw new LaunchException(file + ": is not a feature file: " + e.getMessage(), e);
    }
  }

  private static Feature parse(JsonObject json, Path file) throws LaunchException {
    for (String key : json.keySet()) {
      if (!KNOWN.contains(key)) {
        throw new LaunchException(
            file + ": '" + key + "' is not supported here; configurations belong into config/");
      }
    }
    List<Entry> bundles = new ArrayList<>();
    JsonArray listed = json.has("bundles") ? json.getAsJsonArray("bundles") : new JsonArray();
    for (JsonElement element : listed) {
      bundles.add(entry(element.getAsJsonObject(), file));
    }
    Map<String, String> properties = new LinkedHashMap<>();
    if (json.has("extensions") && json.getAsJsonObject("extensions").has(PROPERTIES)) {
      JsonObject extension = json.getAsJsonObject("extensions").getAsJsonObject(PROPERTIES);
      extension
          .getAsJsonObject("json")
          .entrySet()
          .forEach(e -> properties.put(e.getKey(), e.getValue().getAsString()));
    }
    return new Feature(bundles, properties);
  }

  private static Entry entry(JsonObject bundle, Path file) throws LaunchException {
    String id = bundle.has("id") ? bundle.get("id").getAsString() : "";
    int parts = id.split(":").length;
    if (parts != 3) {
      throw new LaunchException(
          file + ": bundle id: expected group:artifact:version, found '" + id + "'");
    }
    int order =
        bundle.has("start-order") ? bundle.get("start-order").getAsInt() : DEFAULT_START_ORDER;
    return new Entry(id, order);
  }
}
