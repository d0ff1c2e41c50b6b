package io.snaprail.core.internal.points;

import io.snaprail.api.driver.DeviceProperties;
import io.snaprail.api.model.PointDefinition;
import io.snaprail.api.model.SourceLocation;
import io.snaprail.api.runtime.RegisterMaps;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The one parser of register maps, as files and as rows inline in a device's configuration. A row
 * that is wrong is reported and left out; the others are used.
 *
 * @param points in the order of the file
 * @param faults one for each row that was left out
 * @param notes what it says of itself
 */
public record RegisterMap(List<PointDefinition> points, List<MapFault> faults, MapNotes notes) {

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

  private static final List<String> REQUIRED = List.of("name", "address", "type");

  /** Copies the lists. */
  public RegisterMap {
    points = List.copyOf(points);
    faults = List.copyOf(faults);
  }

  /** What is wrong, for people: file, line, column, expected and found. */
  public List<String> errors() {
    return faults.stream().map(MapFault::toString).toList();
  }

  /**
   * Reads a map file.
   *
   * @param shownAs how messages name the file
   */
  public static RegisterMap read(Path file, String shownAs) {
    try {
      if (Files.size(file) > RegisterMaps.MAX_BYTES) {
        return failed(shownAs, 0, "is larger than " + RegisterMaps.MAX_BYTES + " bytes");
      }
      return parse(MapText.decode(Files.readAllBytes(file)), shownAs);
    } catch (MapText.NoTextException e) {
      return failed(shownAs, e.line, e.getMessage());
    } catch (IOException e) {
      return failed(shownAs, 0, "cannot be read: " + describe(e));
    }
  }

  /** Parses the text of a map file: a header, then a row a point. */
  public static RegisterMap parse(CharSequence content, String shownAs) {
    try {
      Csv.Sheet sheet = Csv.read(content.toString());
      List<Csv.Row> rows = sheet.rows();
      if (rows.isEmpty()) {
        return failed(shownAs, 0, "is empty; expected the header " + String.join(",", COLUMNS));
      }
      RegisterMap map =
          new Builder(shownAs, header(rows.get(0)), sheet.delimiter())
              .rows(rows.subList(1, rows.size()));
      return new RegisterMap(map.points, map.faults, MapNotes.of(sheet.comments()));
    } catch (Csv.CsvException e) {
      return failed(shownAs, e.line, e.getMessage());
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
    String source = shownAs + ": " + key;
    List<Csv.Row> split = new ArrayList<>();
    List<MapFault> faults = new ArrayList<>();
    for (int i = 0; i < rows.size(); i++) {
      int number = i + 1;
      try {
        Csv.split(rows.get(i), ',').forEach(row -> split.add(new Csv.Row(number, row.fields())));
      } catch (Csv.CsvException e) {
        faults.add(new MapFault(inlineAt(source, number), "", String.valueOf(e.getMessage())));
      }
    }
    RegisterMap map = new Builder(source, columns, ',').inline(split);
    faults.addAll(map.faults);
    return new RegisterMap(map.points, faults, MapNotes.NONE);
  }

  private static SourceLocation inlineAt(String source, int number) {
    return new SourceLocation(source + "[" + number + "]", 0);
  }

  /** Joins maps; a name that comes twice is an error and the first one counts. */
  public static RegisterMap join(List<RegisterMap> maps) {
    List<PointDefinition> points = new ArrayList<>();
    List<MapFault> faults = new ArrayList<>();
    Map<String, SourceLocation> seen = new HashMap<>();
    for (RegisterMap map : maps) {
      faults.addAll(map.faults);
      for (PointDefinition point : map.points) {
        SourceLocation first = seen.putIfAbsent(point.name(), point.origin());
        if (first == null) {
          points.add(point);
        } else {
          faults.add(duplicate(point, first));
        }
      }
    }
    return new RegisterMap(points, faults, MapNotes.NONE);
  }

  /**
   * The same with other deadbands.
   *
   * @param deadbands by the names of points; one of a point that is not there is a fault
   * @param shownAs where they stand, for messages
   */
  public RegisterMap withDeadbands(Map<String, Double> deadbands, String shownAs) {
    if (deadbands.isEmpty()) {
      return this;
    }
    Map<String, Double> left = new TreeMap<>(deadbands);
    List<PointDefinition> changed = new ArrayList<>();
    for (PointDefinition point : points) {
      Double deadband = left.remove(point.name());
      changed.add(deadband == null ? point : point.withDeadband(deadband));
    }
    List<MapFault> all = new ArrayList<>(faults);
    left.keySet()
        .forEach(
            name ->
                all.add(
                    new MapFault(
                        new SourceLocation(shownAs, 0),
                        "",
                        DeviceProperties.DEADBANDS + ": there is no point '" + name + "'")));
    return new RegisterMap(changed, all, notes);
  }

  private static MapFault duplicate(PointDefinition point, SourceLocation first) {
    return new MapFault(
        point.origin(),
        "",
        "duplicate point '"
            + point.name()
            + "': it is already defined at "
            + first
            + "; give one of them another name");
  }

  /** A map of which nothing can be used. */
  public static RegisterMap failed(String file, int line, @Nullable String error) {
    MapFault fault = new MapFault(new SourceLocation(file, line), "", String.valueOf(error));
    return new RegisterMap(List.of(), List.of(fault), MapNotes.NONE);
  }

  private static String describe(IOException e) {
    return e instanceof java.nio.file.NoSuchFileException ? "there is no such file" : e.toString();
  }

  /** Indices of the columns by name; a column without a head may stand there if it is empty. */
  private static Map<String, Integer> header(Csv.Row row) throws Csv.CsvException {
    Map<String, Integer> columns = new HashMap<>();
    for (int i = 0; i < row.fields().size(); i++) {
      String name = Blanks.plain(row.fields().get(i)).replace(" ", "").toLowerCase(Locale.ROOT);
      if (name.isEmpty()) {
        continue;
      }
      String fault = MapText.fault(name);
      if (fault != null) {
        throw new Csv.CsvException(row.line(), "column '" + name + "': " + fault);
      }
      if (!COLUMNS.contains(name)) {
        String meant = Nearest.of(name, COLUMNS);
        throw new Csv.CsvException(
            row.line(),
            "unknown column '"
                + name
                + "'; known are "
                + COLUMNS
                + (meant == null ? "" : "; did you mean '" + meant + "'?"));
      }
      if (columns.put(name, i) != null) {
        throw new Csv.CsvException(row.line(), "column '" + name + "' comes twice");
      }
    }
    for (String required : REQUIRED) {
      if (!columns.containsKey(required)) {
        throw new Csv.CsvException(
            row.line(), "column '" + required + "' is missing; found " + row.fields());
      }
    }
    return columns;
  }

  /** Collects rows of one source. */
  private static final class Builder {
    private final String source;
    private final Map<String, Integer> columns;
    private final char delimiter;
    private final List<PointDefinition> points = new ArrayList<>();
    private final List<MapFault> faults = new ArrayList<>();
    private final Map<String, SourceLocation> origins = new HashMap<>();
    private final Set<Integer> known;

    Builder(String source, Map<String, Integer> columns, char delimiter) {
      this.source = source;
      this.columns = columns;
      this.delimiter = delimiter;
      this.known = new HashSet<>(columns.values());
    }

    RegisterMap rows(List<Csv.Row> rows) {
      rows.forEach(row -> add(row, new SourceLocation(source, row.line())));
      return new RegisterMap(points, faults, MapNotes.NONE);
    }

    RegisterMap inline(List<Csv.Row> rows) {
      rows.forEach(row -> add(row, inlineAt(source, row.line())));
      return new RegisterMap(points, faults, MapNotes.NONE);
    }

    private void add(Csv.Row row, SourceLocation origin) {
      try {
        checkWidth(row);
        PointDefinition point = new PointRow(row.fields(), columns, delimiter).toDefinition(origin);
        SourceLocation first = origins.putIfAbsent(point.name(), origin);
        if (first == null) {
          points.add(point);
        } else {
          faults.add(duplicate(point, first));
        }
      } catch (PointRow.ColumnException e) {
        faults.add(new MapFault(origin, e.column, String.valueOf(e.getMessage())));
      } catch (IllegalArgumentException e) {
        faults.add(new MapFault(origin, "", String.valueOf(e.getMessage())));
      }
    }

    private void checkWidth(Csv.Row row) {
      for (int i = 0; i < row.fields().size(); i++) {
        if (!known.contains(i) && !row.fields().get(i).isEmpty()) {
          throw new IllegalArgumentException(
              "expected at most "
                  + known.size()
                  + " columns, found '"
                  + row.fields().get(i)
                  + "' in column "
                  + (i + 1)
                  + "; a field that holds a delimiter must be in double quotes");
        }
      }
    }
  }
}
