package io.snaprail.console.internal.page;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** HTML files of this bundle with <code>{{name}}</code> where an escaped value goes. */
public final class Templates {
  private static final Pattern PLACE = Pattern.compile("\\{\\{(!?)([a-z]+)}}");
  private static final Map<String, String> CACHE = new ConcurrentHashMap<>();

  private Templates() {}

  /**
   * Fills a template.
   *
   * @param file its name in this package
   * @param values one for each place; <code>{{!name}}</code> takes its value as it is
   */
  public static String render(String file, Map<String, String> values) {
    Matcher place = PLACE.matcher(CACHE.computeIfAbsent(file, Templates::read));
    StringBuilder out = new StringBuilder();
    while (place.find()) {
      String value = values.get(place.group(2));
      if (value == null) {
        throw new IllegalArgumentException(
            "template " + file + " needs a value for " + place.group(2));
      }
      String text = place.group(1).isEmpty() ? escape(value) : value;
      place.appendReplacement(out, Matcher.quoteReplacement(text));
    }
    return place.appendTail(out).toString();
  }

  /** Text as it stands in HTML and in quoted attributes. */
  public static String escape(String text) {
    StringBuilder out = new StringBuilder(text.length() + 16);
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '&' -> out.append("&amp;");
        case '<' -> out.append("&lt;");
        case '>' -> out.append("&gt;");
        case '"' -> out.append("&quot;");
        case '\'' -> out.append("&#39;");
        default -> out.append(c);
      }
    }
    return out.toString();
  }

  private static String read(String file) {
    return new String(bytes(file), StandardCharsets.UTF_8);
  }

  /** A file of this package. */
  static byte[] bytes(String file) {
    try (InputStream in = Templates.class.getResourceAsStream(file)) {
      if (in == null) {
        throw new IllegalArgumentException("no file " + file + " in the console's bundle");
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file + " of the console's bundle", e);
    }
  }
}
