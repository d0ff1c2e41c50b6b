package io.snaprail.core.internal.points;

import io.snaprail.api.model.PointDefinition;
import io.snaprail.api.model.SourceLocation;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * The one parser of register maps, as files and as rows inline in a device's configuration. A row
 * that is wrong is reported and left out; the others are used.
 *
 * @param points in the order of the file
 * @param errors one for each row that was left out: file, line, column, expected and found
 */
public record RegisterMap(List<PointDefinition> points, List<String> errors) {

  /** Columns in the order of a map's header and of an inline row. */
  public static final List<String> COLUMNS =
      List.of(
          "name",
          "address",
          "type",
          "order",
          "scale",
          "offset",
          "unit",
          "access",
          "period",
          "deadband",
          "min",
          "max",
          "description");

  /** Largest file, in bytes: some 100,000 points. */
  static final long MAX_FILE_BYTES = 16L << 20;

  private static final List<String> REQUIRED = List.of("name", "address", "type");

  /** Copies the lists. */
  public RegisterMap {
    points = List.copyOf(points);
    errors = List.copyOf(errors);
  }

  /**
   * Reads a map file.
   *
   * @param shownAs how messages name the file
   */
  public static RegisterMap read(Path file, String shownAs) {
    try {
      if (Files.size(file) > MAX_FILE_BYTES) {
        return failed(shownAs + ": larger than " + MAX_FILE_BYTES + " bytes");
      }
      byte[] bytes = Files.readAllBytes(file);
      return parse(StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)), shownAs);
    } catch (CharacterCodingException e) {
      return failed(shownAs + ": is not UTF-8; save it as \"CSV UTF-8\"");
    } catch (IOException e) {
      return failed(shownAs + ": cannot be read: " + describe(e));
    }
  }

  /** Parses the text of a map file: a header, then a row a point. */
  public static RegisterMap parse(CharSequence content, String shownAs) {
    String text = content.toString();
    char delimiter = Csv.delimiterOf(text);
    try {
      List<Csv.Row> rows = Csv.split(text, delimiter);
      if (rows.isEmpty()) {
        return failed(shownAs + ": is empty; expected the header " + String.join(",", COLUMNS));
      }
      return new Builder(shownAs, header(rows.get(0), shownAs), delimiter == ';')
          .rows(rows.subList(1, rows.size()));
    } catch (Csv.CsvException e) {
      return failed(shownAs + ":" + e.line + ": " + e.getMessage());
    } catch (HeaderException e) {
      return failed(String.valueOf(e.getMessage()));
    }
  }

  /**
   * Parses rows without a header, in the order of {@link #COLUMNS}; columns at the end may be left
   * out.
   *
   * @param key the configuration key they stand in, for messages: row 1 is {@code key[1]}
   */
  public static RegisterMap inline(List<String> rows, String shownAs, String key) {
    Map<String, Integer> columns = new HashMap<>();
    for (int i = 0; i < COLUMNS.size(); i++) {
      columns.put(COLUMNS.get(i), i);
    }
    List<Csv.Row> split = new ArrayList<>();
    List<String> errors = new ArrayList<>();
    for (int i = 0; i < rows.size(); i++) {
      int number = i + 1;
      try {
        Csv.split(rows.get(i), ',').forEach(row -> split.add(new Csv.Row(number, row.fields())));
      } catch (Csv.CsvException e) {
        errors.add(shownAs + ": " + key + "[" + number + "]: " + e.getMessage());
      }
    }
    RegisterMap map = new Builder(shownAs + ": " + key, columns, false).inline(split);
    errors.addAll(map.errors);
    return new RegisterMap(map.points, errors);
  }

  /** Joins maps; a name that comes twice is an error and the first one counts. */
  public static RegisterMap join(List<RegisterMap> maps) {
    List<PointDefinition> points = new ArrayList<>();
    List<String> errors = new ArrayList<>();
    Map<String, SourceLocation> seen = new HashMap<>();
    for (RegisterMap map : maps) {
      errors.addAll(map.errors);
      for (PointDefinition point : map.points) {
        SourceLocation first = seen.putIfAbsent(point.name(), point.origin());
        if (first == null) {
          points.add(point);
        } else {
          errors.add(duplicate(point.origin().toString(), point.name(), first));
        }
      }
    }
    return new RegisterMap(points, errors);
  }

  private static String duplicate(String where, String name, SourceLocation first) {
    return where
        + ": duplicate point '"
        + name
        + "': it is already defined at "
        + first
        + "; give one of them another name";
  }

  private static RegisterMap failed(String error) {
    return new RegisterMap(List.of(), List.of(error));
  }

  private static String describe(IOException e) {
    return e instanceof java.nio.file.NoSuchFileException ? "there is no such file" : e.toString();
  }

  private static Map<String, Integer> header(Csv.Row row, String shownAs) throws HeaderException {
    Map<String, Integer> columns = new HashMap<>();
    for (int i = 0; i < row.fields().size(); i++) {
      String name = row.fields().get(i).toLowerCase(Locale.ROOT);
      if (!COLUMNS.contains(name)) {
        throw new HeaderException(
            shownAs, row.line(), "unknown column '" + name + "'; known are " + COLUMNS);
      }
      if (columns.put(name, i) != null) {
        throw new HeaderException(shownAs, row.line(), "column '" + name + "' comes twice");
      }
    }
    for (String required : REQUIRED) {
      if (!columns.containsKey(required)) {
        throw new HeaderException(
            shownAs, row.line(), "column '" + required + "' is missing; found " + row.fields());
      }
    }
    return columns;
  }

  private static final class HeaderException extends Exception {
    private static final long serialVersionUID = 1L;

    HeaderException(String file, int line, String message) {
      super(file + ":" + line + ": " + message);
    }
  }

  /** Collects rows of one source. */
  private static final class Builder {
    private final String source;
    private final Map<String, Integer> columns;
    private final boolean decimalComma;
    private final List<PointDefinition> points = new ArrayList<>();
    private final List<String> errors = new ArrayList<>();
    private final Map<String, SourceLocation> origins = new HashMap<>();
    private final Set<Integer> known;

    Builder(String source, Map<String, Integer> columns, boolean decimalComma) {
      this.source = source;
      this.columns = columns;
      this.decimalComma = decimalComma;
      this.known = new HashSet<>(columns.values());
    }

    RegisterMap rows(List<Csv.Row> rows) {
      rows.forEach(row -> add(row, new SourceLocation(source, row.line())));
      return new RegisterMap(points, errors);
    }

    RegisterMap inline(List<Csv.Row> rows) {
      rows.forEach(row -> add(row, new SourceLocation(source + "[" + row.line() + "]", 0)));
      return new RegisterMap(points, errors);
    }

    private void add(Csv.Row row, SourceLocation origin) {
      for (int i = 0; i < row.fields().size(); i++) {
        if (!known.contains(i) && !row.fields().get(i).isEmpty()) {
          errors.add(
              origin
                  + ": expected at most "
                  + known.size()
                  + " columns, found '"
                  + row.fields().get(i)
                  + "' in column "
                  + (i + 1)
                  + "; a field that holds a delimiter must be in double quotes");
          return;
        }
      }
      try {
        PointDefinition point =
            new PointRow(row.fields(), columns, decimalComma).toDefinition(origin);
        SourceLocation first = origins.putIfAbsent(point.name(), origin);
        if (first == null) {
          points.add(point);
        } else {
          errors.add(duplicate(origin.toString(), point.name(), first));
        }
      } catch (IllegalArgumentException e) {
        errors.add(origin + ": " + e.getMessage());
      }
    }
  }
}
