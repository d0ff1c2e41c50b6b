package io.snaprail.core.internal.points;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a map says of itself, in comments such as {@code # title: ...}.
 *
 * @param title what it is for; may be empty
 * @param source where the addresses come from; may be empty
 * @param notes what to set beside it
 */
public record MapNotes(String title, String source, List<String> notes) {
  /** Of a map that says nothing. */
  static final MapNotes NONE = new MapNotes("", "", List.of());

  private static final Pattern FORM = Pattern.compile("(?i)(title|source|note)\\s*:\\s*(.+)");

  /** Copies the notes. */
  public MapNotes {
    notes = List.copyOf(notes);
  }

  static MapNotes of(List<String> comments) {
    String title = "";
    List<String> sources = new ArrayList<>();
    List<String> notes = new ArrayList<>();
    for (String comment : comments) {
      Matcher form = FORM.matcher(comment);
      if (form.matches()) {
        String text = form.group(2);
        switch (form.group(1).toLowerCase(Locale.ROOT)) {
          case "title" -> title = title.isEmpty() ? text : title;
          case "source" -> sources.add(text);
          default -> notes.add(text);
        }
      }
    }
    return new MapNotes(title, String.join("; ", sources), notes);
  }
}
