package io.snaprail.driver.iec62056.internal;

import io.snaprail.api.driver.Device.PointErrors;
import io.snaprail.api.driver.Sink;
import io.snaprail.api.model.PointDefinition;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Takes points out of what a meter told. */
final class Points {
  /** A code, and which of its values. */
  private static final Pattern ADDRESS = Pattern.compile("([^\\s()]{1,40})(?: value=([1-9]\\d?))?");

  private static final Pattern NUMBER = Pattern.compile("[-+]?\\d{1,18}(\\.\\d{1,18})?");
  private static final String IDENTIFICATION = "identification";

  private final List<Point> points = new ArrayList<>();

  private record Point(int index, boolean text, String code, int place) {}

  /** Those points that can be read. */
  Points(List<PointDefinition> definitions, PointErrors errors) {
    for (int i = 0; i < definitions.size(); i++) {
      try {
        points.add(point(i, definitions.get(i)));
      } catch (IllegalArgumentException e) {
        errors.add(i, String.valueOf(e.getMessage()));
      }
    }
  }

  private static Point point(int index, PointDefinition definition) {
    if (!definition.order().isEmpty()) {
      throw new IllegalArgumentException(
          "order: expected nothing, found '" + definition.order() + "'");
    }
    Matcher parts = ADDRESS.matcher(definition.address().strip());
    if (!parts.matches()) {
      throw new IllegalArgumentException(
          "address '"
              + definition.address()
              + "': expected a code as the meter sends it, such as 1.8.0 or 1-0:1.8.0*255, with"
              + " ' value=2' behind it for its second value, or identification");
    }
    String place = parts.group(2);
    return new Point(
        index,
        text(definition.type()),
        parts.group(1),
        place == null ? 1 : Integer.parseInt(place));
  }

  private static boolean text(String type) {
    return switch (type.strip().toLowerCase(Locale.ROOT)) {
      case "number" -> false;
      case "text" -> true;
      default ->
          throw new IllegalArgumentException("type: expected number or text, found '" + type + "'");
    };
  }

  void deliver(Meter.Told told, Sink sink) {
    for (Point point : points) {
      if (point.code().equalsIgnoreCase(IDENTIFICATION)) {
        sink.text(
            point.index(), told.identification().manufacturer() + told.identification().text());
      } else {
        deliver(point, told.sets().stream().filter(s -> s.fits(point.code())).toList(), sink);
      }
    }
  }

  private static void deliver(Point point, List<DataSet> found, Sink sink) {
    if (found.isEmpty()) {
      sink.bad(
          point.index(),
          "the meter does not send '" + point.code() + "'; the tool 'read' lists what it sends");
    } else if (found.size() > 1) {
      sink.bad(
          point.index(),
          "the meter sends '"
              + point.code()
              + "' more than once: "
              + found.stream().map(DataSet::code).collect(Collectors.joining(", ")));
    } else if (found.get(0).values().size() < point.place()) {
      sink.bad(
          point.index(),
          "the meter sends %d values with '%s', and no value=%d"
              .formatted(found.get(0).values().size(), point.code(), point.place()));
    } else {
      deliver(point, found.get(0).values().get(point.place() - 1).value(), sink);
    }
  }

  private static void deliver(Point point, String value, Sink sink) {
    if (point.text()) {
      sink.text(point.index(), value);
    } else if (!NUMBER.matcher(value).matches()) {
      sink.bad(point.index(), "expected a number, the meter sends '" + value + "'");
    } else if (value.indexOf('.') < 0) {
      sink.integer(point.index(), Long.parseLong(value));
    } else {
      sink.float64(point.index(), Double.parseDouble(value));
    }
  }
}
