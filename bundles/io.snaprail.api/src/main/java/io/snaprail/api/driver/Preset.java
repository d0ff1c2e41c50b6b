package io.snaprail.api.driver;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Settings and points of a well-known kind of device, from which people go on when they set one up.
 *
 * @param id in lower case with hyphens, such as {@code nmea-gps}
 * @param title such as {@code GPS receiver (NMEA 0183)}
 * @param description what it is for, and what is left to be set; may be empty
 * @param source the document that the settings and points were taken from
 * @param settings of a device, as {@link DriverTools} takes them; those left out stay as they are
 *     unless they are set
 * @param points rows as in {@link DeviceProperties#POINTS}
 * @param example what such a device sends, a line each, for tools that try it; may be empty
 */
public record Preset(
    String id,
    String title,
    String description,
    String source,
    Map<String, Object> settings,
    List<String> points,
    String example) {
  private static final Pattern NOTE =
      Pattern.compile("#\\s*(title|description|source|setting|example):\\s?(.*)");
  private static final Pattern SETTING = Pattern.compile("\\s*([\\w.]+)\\s*=\\s*(.*?)\\s*");
  private static final String HEAD = "name,address,type";

  /** Copies map and list. */
  public Preset {
    Objects.requireNonNull(id, "id");
    Objects.requireNonNull(title, "title");
    Objects.requireNonNull(description, "description");
    Objects.requireNonNull(source, "source");
    Objects.requireNonNull(example, "example");
    settings = Collections.unmodifiableMap(new LinkedHashMap<>(settings));
    points = List.copyOf(points);
  }

  /**
   * Reads a preset that is kept as a file beside a class: rows of points as in {@link
   * DeviceProperties#POINTS} (with or without their head), and before them comments {@code #
   * title:}, {@code # description:}, {@code # source:}, {@code # setting: baud = 4800} and {@code #
   * example:}. Description and example may have several lines, each with its own comment; a setting
   * that comes twice is a list. Whole numbers, {@code true} and {@code false} are what they look
   * like unless they stand in double quotes.
   *
   * @param owner a class of the bundle that holds the file
   * @param file from the package of the class, such as {@code presets/nmea-gps.csv}; its name is
   *     the preset's id
   * @throws IllegalArgumentException when there is no such file, or it has no title, source or
   *     point, or a setting that is none
   */
  public static Preset read(Class<?> owner, String file) {
    try (InputStream in = owner.getResourceAsStream(file)) {
      if (in == null) {
        throw new IllegalArgumentException(
            "preset '" + file + "': expected it beside " + owner.getName() + ", found nothing");
      }
      String name = file.substring(file.lastIndexOf('/') + 1);
      BufferedReader reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
      return parse(name.replaceFirst("\\.csv$", ""), reader.lines().toList());
    } catch (IOException e) {
      throw new IllegalArgumentException("preset '" + file + "' cannot be read: " + e, e);
    }
  }

  /** The same of the lines of a file. */
  static Preset parse(String id, List<String> lines) {
    Map<String, List<String>> notes = new LinkedHashMap<>();
    List<String> points = new ArrayList<>();
    for (String line : lines) {
      Matcher note = NOTE.matcher(line);
      if (note.matches()) {
        notes.computeIfAbsent(note.group(1), key -> new ArrayList<>()).add(note.group(2));
      } else if (!line.isBlank() && !line.startsWith("#") && !line.startsWith(HEAD)) {
        points.add(line.strip());
      }
    }
    if (!notes.containsKey("title") || !notes.containsKey("source") || points.isEmpty()) {
      throw new IllegalArgumentException(
          "preset '" + id + "': expected '# title:', '# source:' and rows of points");
    }
    return new Preset(
        id,
        joined(notes, "title", " "),
        joined(notes, "description", " "),
        joined(notes, "source", " "),
        settings(id, notes.getOrDefault("setting", List.of())),
        points,
        joined(notes, "example", "\n"));
  }

  private static String joined(Map<String, List<String>> notes, String key, String between) {
    return String.join(between, notes.getOrDefault(key, List.of()));
  }

  private static Map<String, Object> settings(String id, List<String> lines) {
    Map<String, Object> settings = new LinkedHashMap<>();
    for (String line : lines) {
      Matcher setting = SETTING.matcher(line);
      if (!setting.matches()) {
        throw new IllegalArgumentException(
            "preset '" + id + "': expected '# setting: KEY = VALUE', found '" + line + "'");
      }
      settings.merge(setting.group(1), value(setting.group(2)), Preset::both);
    }
    return settings;
  }

  private static Object value(String text) {
    if (text.length() >= 2 && text.startsWith("\"") && text.endsWith("\"")) {
      return text.substring(1, text.length() - 1);
    }
    if (text.matches("-?\\d{1,18}")) {
      return Long.valueOf(text);
    }
    return text.equals("true") || text.equals("false") ? Boolean.valueOf(text) : text;
  }

  private static Object both(Object before, Object next) {
    List<Object> several = new ArrayList<>();
    if (before instanceof List<?> list) {
      several.addAll(list);
    } else {
      several.add(before);
    }
    several.add(next);
    return Collections.unmodifiableList(several);
  }
}
