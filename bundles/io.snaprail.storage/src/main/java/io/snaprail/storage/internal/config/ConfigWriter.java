package io.snaprail.storage.internal.config;

import io.snaprail.storage.internal.config.ConfigDocument.Entry;
import io.snaprail.storage.internal.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Writes a configuration as a person would: the keys, comments and untouched values of the text
 * that is there stay as they stand, two spaces, one key a line, new keys at the end.
 */
final class ConfigWriter {
  private static final String INDENT = "  ";
  private static final int WIDE = 80;

  private final ConfigDocument present;
  private final Schema schema;
  private final StringBuilder out = new StringBuilder();

  private ConfigWriter(ConfigDocument present, Schema schema) {
    this.present = present;
    this.schema = schema;
  }

  /**
   * The text of a configuration.
   *
   * @param values what it holds
   * @param present what the file holds now; its order and comments are kept
   * @param schema what the owner declares; the type of any other value is written if it is needed
   */
  static byte[] write(Map<String, Object> values, ConfigDocument present, Schema schema) {
    ConfigWriter writer = new ConfigWriter(present, schema);
    return writer.render(values).getBytes(StandardCharsets.UTF_8);
  }

  private String render(Map<String, Object> values) {
    present.head().forEach(comment -> out.append(comment).append('\n'));
    out.append("{\n");
    List<Line> lines = lines(values);
    for (int i = 0; i < lines.size(); i++) {
      Line line = lines.get(i);
      line.before().forEach(this::commentLine);
      out.append(INDENT).append(line.text()).append(i < lines.size() - 1 ? "," : "");
      out.append(line.after().isEmpty() ? "" : " " + line.after()).append('\n');
    }
    present.tail().forEach(this::commentLine);
    out.append("}\n");
    present.foot().forEach(comment -> out.append(comment).append('\n'));
    return out.toString();
  }

  private record Line(List<String> before, String text, String after) {}

  private List<Line> lines(Map<String, Object> values) {
    Map<String, Object> left = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    left.putAll(values);
    List<Line> lines = new ArrayList<>();
    for (Entry entry : present.entries()) {
      Object value = left.remove(entry.key());
      if (value != null) {
        String text = keep(entry, value);
        lines.add(new Line(entry.member().before(), text, entry.member().after()));
      }
    }
    left.forEach((key, value) -> lines.add(new Line(List.of(), fresh(key, null, value), "")));
    return lines;
  }

  private void commentLine(String comment) {
    out.append(INDENT).append(comment.replace("\r\n", "\n")).append('\n');
  }

  /** The line of an entry: as it stands if it says the same. */
  private String keep(Entry entry, Object value) {
    try {
      Object old = entry.value(schema.typeOf(entry.key()));
      if (ValueType.of(old).equals(ValueType.of(value))
          && Values.plain(old).equals(Values.plain(value))) {
        String raw = entry.member().raw().replace("\r\n", "\n").replace('\r', '\n');
        return quote(entry.member().key()) + ": " + raw;
      }
    } catch (ConfigException e) {
      // What stands there is wrong, so the new value replaces it.
      return fresh(entry.key(), entry.suffix(), value);
    }
    return fresh(entry.key(), entry.suffix(), value);
  }

  private String fresh(String key, @Nullable ValueType suffix, Object value) {
    Json json = Values.toJson(value);
    ValueType actual = ValueType.of(value);
    // What follows the last colon is taken for a type, so a key with a colon needs one more.
    boolean colon = key.indexOf(':') >= 0;
    boolean named = suffix != null || colon || !actual.equals(typeOnReading(key, json));
    return quote(named ? key + ":" + actual : key) + ": " + text(json);
  }

  /** The type that the value gets when it is read without a suffix; null when it is refused. */
  private @Nullable ValueType typeOnReading(String key, Json json) {
    ValueType declared = schema.typeOf(key);
    try {
      ValueType type = declared != null ? declared : Values.naturalType(json);
      Values.convert(json, type, false);
      return type;
    } catch (ConfigException e) {
      return null;
    }
  }

  private static String text(Json json) {
    if (!(json instanceof Json.Array array)) {
      return scalar(json);
    }
    List<String> items = array.items().stream().map(ConfigWriter::scalar).toList();
    String line = "[" + String.join(", ", items) + "]";
    if (line.length() <= WIDE) {
      return line;
    }
    String separator = ",\n" + INDENT + INDENT;
    return "[\n" + INDENT + INDENT + String.join(separator, items) + "\n" + INDENT + "]";
  }

  private static String scalar(Json json) {
    if (json instanceof Json.Text text) {
      return quote(text.value());
    }
    return json instanceof Json.Bool bool ? String.valueOf(bool.value()) : json.describe();
  }

  private static String quote(String text) {
    StringBuilder out = new StringBuilder("\"");
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"', '\\' -> out.append('\\').append(c);
        case '\n' -> out.append("\\n");
        case '\r' -> out.append("\\r");
        case '\t' -> out.append("\\t");
        default -> {
          // Lone surrogates have no UTF-8 form of their own.
          if (c < ' ' || c == 0x7f || (Character.isSurrogate(c) && !paired(text, i))) {
            out.append(String.format("\\u%04x", (int) c));
          } else {
            out.append(c);
          }
        }
      }
    }
    return out.append('"').toString();
  }

  private static boolean paired(String text, int i) {
    char c = text.charAt(i);
    return Character.isHighSurrogate(c)
        ? i + 1 < text.length() && Character.isLowSurrogate(text.charAt(i + 1))
        : i > 0 && Character.isHighSurrogate(text.charAt(i - 1));
  }
}
