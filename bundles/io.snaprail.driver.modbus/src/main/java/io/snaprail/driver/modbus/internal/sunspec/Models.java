package io.snaprail.driver.modbus.internal.sunspec;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The models that are known, read from {@code models.txt}, which tells their form. */
final class Models {
  private static final String RESOURCE = "models.txt";

  private final Map<Integer, Model> byId = new TreeMap<>();
  private String @Nullable [] head;
  private String @Nullable [] group;
  private List<Model.Point> points = new ArrayList<>();
  private List<Model.Point> repeated = new ArrayList<>();

  private Models() {}

  /** Read when first wanted: few gateways have a SunSpec device. */
  private static final class Known {
    static final Map<Integer, Model> ALL = new Models().read();
  }

  /** Every model, by its number. */
  static Map<Integer, Model> all() {
    return Known.ALL;
  }

  private Map<Integer, Model> read() {
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(
                Objects.requireNonNull(Models.class.getResourceAsStream(RESOURCE), RESOURCE),
                StandardCharsets.UTF_8))) {
      lines
          .lines()
          .filter(line -> !line.startsWith("#"))
          .forEach(line -> take(line.split("\\|", -1)));
      finish();
      return Map.copyOf(byId);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void take(String[] fields) {
    switch (fields[0]) {
      case "model" -> {
        finish();
        head = fields;
      }
      case "group" -> group = fields;
      default -> (group == null ? points : repeated).add(point(fields));
    }
  }

  private static Model.Point point(String[] fields) {
    return new Model.Point(
        fields[0],
        Integer.parseInt(fields[1]),
        fields[2],
        fields[3].isEmpty() ? 0 : Integer.parseInt(fields[3].substring(1)),
        fields[4],
        fields[5]);
  }

  private void finish() {
    if (head == null) {
      return;
    }
    boolean open = head[3].endsWith("+");
    int id = Integer.parseInt(head[1]);
    Model same = head.length > 5 ? byId.get(Integer.parseInt(head[5])) : null;
    byId.put(
        id,
        new Model(
            id,
            head[2],
            Integer.parseInt(open ? head[3].substring(0, head[3].length() - 1) : head[3]),
            open,
            head[4],
            same == null ? points : same.points(),
            group == null
                ? null
                : new Model.Group(
                    group[1], Integer.parseInt(group[2]), Integer.parseInt(group[3]), repeated)));
    head = null;
    group = null;
    points = new ArrayList<>();
    repeated = new ArrayList<>();
  }
}
