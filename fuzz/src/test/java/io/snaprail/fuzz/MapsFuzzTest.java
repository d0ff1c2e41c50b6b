package io.snaprail.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.snaprail.api.driver.Device;
import io.snaprail.api.model.PointDefinition;
import io.snaprail.api.model.SourceLocation;
import io.snaprail.core.internal.points.RegisterMap;
import io.snaprail.testkit.modbus.Wire;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Timeout;

/** Register maps as people write them: each row is a point or an error that names it. */
@Timeout(30)
class MapsFuzzTest {
  /** An input is the text of a map. */
  @FuzzTest
  void csv(byte[] input) {
    String text = new String(input, StandardCharsets.UTF_8);

    RegisterMap map = RegisterMap.parse(text, "fuzz.csv");

    int lines = 1 + (int) text.chars().filter(c -> c == '\n' || c == '\r').count();
    assertThat(map.points().size() + map.errors().size()).isLessThanOrEqualTo(lines);
    assertThat(map.errors()).allMatch(error -> error.startsWith("fuzz.csv"));
    int told = map.errors().stream().mapToInt(String::length).sum();
    assertThat(told).isLessThan(4 * text.length() + 500 * (lines + 1));
    assertThat(map.points().stream().map(PointDefinition::name).distinct())
        .hasSameSizeAs(map.points());
    assertReadBack(map.points());
    assertCompiled(map.points());
  }

  /** An input is the text of rows that stand in a configuration. */
  @FuzzTest
  void inline(byte[] input) {
    List<String> rows = new String(input, StandardCharsets.UTF_8).lines().toList();

    RegisterMap map = RegisterMap.inline(rows, "device", "points");

    assertThat(map.points().size() + map.errors().size()).isLessThanOrEqualTo(rows.size());
    assertThat(map.errors()).allMatch(error -> error.startsWith("device: points["));
    assertCompiled(map.points());
  }

  /** What was understood and is written down by another hand is understood alike. */
  private static void assertReadBack(List<PointDefinition> points) {
    StringBuilder text = new StringBuilder(String.join(",", RegisterMap.COLUMNS));
    points.forEach(point -> text.append('\n').append(row(point)));

    RegisterMap again = RegisterMap.parse(text, "again.csv");

    assertThat(again.errors()).isEmpty();
    assertThat(again.points())
        .usingRecursiveFieldByFieldElementComparatorIgnoringFields("origin")
        .isEqualTo(points);
  }

  private static String row(PointDefinition p) {
    Object[] fields = {
      p.name(),
      p.address(),
      p.type(),
      p.order(),
      p.scale(),
      p.offset(),
      p.unit(),
      p.access().code().toUpperCase(Locale.ROOT),
      p.period() == null ? "" : p.period().toMillis() + " ms",
      p.deadband(),
      p.min() == null ? "" : p.min(),
      p.max() == null ? "" : p.max(),
      p.description()
    };
    StringBuilder row = new StringBuilder();
    for (Object field : fields) {
      row.append(row.isEmpty() ? "\"" : ",\"");
      row.append(String.valueOf(field).replace("\"", "\"\"")).append('"');
    }
    return row.toString();
  }

  /** The driver tells of each point whether it can be read and written, and throws nothing. */
  private static void assertCompiled(List<PointDefinition> points) {
    try (Line line = new Line(Wire.TCP, 502)) {
      Device device = line.device();
      boolean[] told = new boolean[points.size()];
      device.compile(points, (index, message) -> told[index] = !message.isBlank());
      device.checkWritable(points, (index, message) -> assertThat(message).isNotBlank());
      for (int i = 0; i < told.length; i++) {
        SourceLocation origin = points.get(i).origin();
        boolean wrong = told[i];
        device.compile(
            List.of(points.get(i)),
            (index, message) -> assertThat(wrong).as("%s: %s", origin, message).isTrue());
      }
    }
  }
}
