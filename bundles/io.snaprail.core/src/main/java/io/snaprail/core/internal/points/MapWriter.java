package io.snaprail.core.internal.points;

import io.snaprail.api.model.PointDefinition;
import java.math.BigDecimal;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Points as the text of a map in normal form, which reads as the same points. */
public final class MapWriter {
  private MapWriter() {}

  /** Every column, one row a point; what has its default is left empty. */
  public static String write(String title, List<PointDefinition> points) {
    StringBuilder text = new StringBuilder();
    text.append("# title: ").append(title).append('\n');
    text.append(String.join(",", RegisterMap.COLUMNS)).append('\n');
    for (PointDefinition point : points) {
      text.append(fields(point).stream().map(MapWriter::quoted).collect(Collectors.joining(",")));
      text.append('\n');
    }
    return text.toString();
  }

  private static List<String> fields(PointDefinition point) {
    return List.of(
        point.name(),
        point.address(),
        point.type(),
        point.order(),
        unless("1", point.scale().toString()),
        unless("0", point.offset().toString()),
        point.unit(),
        point.access().code(),
        point.period() == null ? "" : Periods.format(point.period()),
        point.deadband() == 0 ? "" : BigDecimal.valueOf(point.deadband()).toString(),
        text(point.min()),
        text(point.max()),
        point.description());
  }

  private static String unless(String standard, String text) {
    return text.equals(standard) ? "" : text;
  }

  private static String text(@Nullable BigDecimal number) {
    return number == null ? "" : number.toString();
  }

  private static String quoted(String field) {
    boolean plain =
        field.equals(Blanks.strip(field))
            && field.chars().noneMatch(c -> c == '"' || c == ',' || c == '\n' || c == '\r');
    return plain ? field : '"' + field.replace("\"", "\"\"") + '"';
  }
}
