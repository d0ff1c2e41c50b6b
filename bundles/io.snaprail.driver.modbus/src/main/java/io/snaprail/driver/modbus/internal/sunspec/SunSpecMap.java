package io.snaprail.driver.modbus.internal.sunspec;

import io.snaprail.driver.modbus.internal.codec.SunSpecType;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A register map of the models of a device. Addresses are written so that they mean the same
 * whether the device counts from 0 or from 1.
 */
final class SunSpecMap {
  private static final String HEADER = "name,address,type,scale,unit,period,description\n";

  /** What does not change is read seldom. */
  private static final String SELDOM = "1h";

  private final int longest;
  private final boolean all;
  private final StringBuilder comments = new StringBuilder();
  private final StringBuilder rows = new StringBuilder();
  private final Map<String, Integer> words = new HashMap<>();
  private int points;

  /**
   * An empty map.
   *
   * @param longest read that the device answers: value and scale factor are read at once
   * @param all whether points that have no value now are points of the map, or only comments
   */
  SunSpecMap(int longest, boolean all) {
    this.longest = longest;
    this.all = all;
  }

  /** Number of points, without those that are comments. */
  int points() {
    return points;
  }

  /** A comment that says something of the whole map, such as its title. */
  void comment(String key, String text) {
    comments.append("# ").append(key).append(": ").append(text).append('\n');
  }

  /** The map as it is kept. */
  String text() {
    return comments + HEADER + rows;
  }

  /** Adds a model; a second one of a kind gets names of its own. */
  void add(Model model, Chain.Found found, Content content) {
    int number = words.merge(model.word(), 1, Integer::sum);
    Rows own = new Rows(model.word() + (number == 1 ? "" : number) + ".", found, content);
    rows.append("# model ").append(model.id()).append(" at ").append(Place.of(found.address()));
    rows.append(": ").append(model.title()).append('\n');
    model.points().forEach(point -> own.add("", point, 0));
    Model.Group group = model.group();
    if (group != null) {
      int count = (own.size - group.offset()) / group.length();
      for (int i = 0; i < count; i++) {
        String prefix = (i + 1) + ".";
        int shift = i * group.length();
        group.points().forEach(point -> own.add(prefix, point, shift));
      }
    }
  }

  /** The rows of one model. */
  private final class Rows {
    private final String word;
    private final Chain.Found found;
    private final Content content;
    private final int size;

    Rows(String word, Chain.Found found, Content content) {
      this.word = word;
      this.found = found;
      this.content = content;
      this.size = found.end() - found.address();
    }

    /** Adds a point, unless it lies outside of what the device says is the model. */
    void add(String prefix, Model.Point point, int shift) {
      int offset = point.offset() + shift;
      if (offset + Content.width(point.type()) <= size && point.factor() < size) {
        boolean absent =
            content.none(point.type(), offset)
                || (point.factor() > 0 && content.noFactor(point.factor()));
        String name = word + prefix + point.name();
        row(name, point, offset, absent && !all);
      }
    }

    private void row(String name, Model.Point point, int offset, boolean comment) {
      boolean sunSpec = SunSpecType.find(point.type()) != null;
      String type = sunSpec ? "sunspec(" + point.type() + ")" : point.type();
      String scale = "";
      String label = point.label();
      boolean out = comment;
      int distance = point.factor() - offset;
      if (point.factor() > 0 && span(point, distance) <= longest) {
        type = "sunspec(" + point.type() + "," + (distance > 0 ? "+" : "") + distance + ")";
      } else if (point.factor() > 0) {
        // Too far away to be read at once: taken as constant.
        Integer now = content.factor(point.factor());
        out |= now == null;
        scale =
            BigDecimal.ONE.scaleByPowerOfTen(Objects.requireNonNullElse(now, 0)).toPlainString();
        label += " (scale factor as it was found)";
      }
      List<String> fields = new ArrayList<>();
      fields.add(name);
      fields.add(Place.of(found.address() + offset));
      fields.add(type);
      fields.add(scale);
      fields.add(point.unit());
      fields.add(type.startsWith("string") ? SELDOM : "");
      fields.add(label);
      rows.append(out ? "#" : "");
      rows.append(String.join(",", fields.stream().map(SunSpecMap::quoted).toList())).append('\n');
      points += out ? 0 : 1;
    }

    /** Registers from the first to the last of value and scale factor. */
    private int span(Model.Point point, int distance) {
      int width = Content.width(point.type());
      return distance < 0 ? width - distance : Math.max(width, distance + 1);
    }
  }

  private static String quoted(String field) {
    return field.contains(",") || field.contains("\"")
        ? '"' + field.replace("\"", "\"\"") + '"'
        : field;
  }
}
