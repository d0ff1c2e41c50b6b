package io.snaprail.storage.internal.config;

import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What the owner of a configuration declares about it.
 *
 * @param known whether there is a declaration at all
 * @param attributes by key
 */
record Schema(boolean known, Map<String, Attribute> attributes) {

  /** Nobody has declared anything. */
  static final Schema UNKNOWN = new Schema(false, Map.of());

  /**
   * One declared property.
   *
   * @param type null when it is one that configurations cannot hold
   * @param validator from a value's text to what is wrong with it; empty or null when nothing is
   */
  record Attribute(@Nullable ValueType type, Function<String, @Nullable String> validator) {
    /** What is wrong with one value; null or empty when nothing is. */
    @Nullable String wrong(Object item) {
      // Commas separate items in the text form of several values.
      String text = item.toString();
      boolean several = type != null && type.several();
      return validator.apply(several ? text.replace("\\", "\\\\").replace(",", "\\,") : text);
    }
  }

  /** Keys that every configuration may have, besides those that are declared. */
  private static final Set<String> OPEN_PREFIXES = Set.of(".", "service.", "felix.", "component.");

  Schema {
    Map<String, Attribute> sorted = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    sorted.putAll(attributes);
    attributes = sorted;
  }

  static Schema of(Map<String, Attribute> attributes) {
    return new Schema(true, attributes);
  }

  @Nullable ValueType typeOf(String key) {
    Attribute attribute = attributes.get(key);
    return attribute == null ? null : attribute.type();
  }

  /** Whether a key has a meaning; true for every one when nothing is declared. */
  boolean allows(String key) {
    return !known
        || attributes.containsKey(key)
        || key.endsWith(".target")
        || OPEN_PREFIXES.stream().anyMatch(key::startsWith);
  }

  Collection<String> keys() {
    return new TreeSet<>(attributes.keySet());
  }

  /** The candidate that a person who wrote the text probably meant; null when none is near. */
  static @Nullable String nearest(String text, Collection<String> candidates) {
    String best = null;
    int bestDistance = Math.max(2, text.length() / 3) + 1;
    for (String candidate : candidates) {
      int distance = distance(text.toLowerCase(Locale.ROOT), candidate.toLowerCase(Locale.ROOT));
      if (distance < bestDistance) {
        bestDistance = distance;
        best = candidate;
      }
    }
    return best;
  }

  /** Levenshtein's distance. */
  private static int distance(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int substitute = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(substitute, Math.min(row[j], row[j - 1]) + 1);
      }
    }
    return row[b.length()];
  }
}
