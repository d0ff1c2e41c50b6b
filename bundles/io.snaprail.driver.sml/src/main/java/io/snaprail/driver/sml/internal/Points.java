package io.snaprail.driver.sml.internal;

import io.snaprail.api.driver.Device.PointErrors;
import io.snaprail.api.driver.Sink;
import io.snaprail.api.model.PointDefinition;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Takes points out of what a meter told. */
final class Points {
  private static final String SERVER = "server-id";
  private static final String STATUS = " status";
  private static final BigDecimal LARGEST = BigDecimal.valueOf(Long.MAX_VALUE);

  private final List<Point> points = new ArrayList<>();

  /** Something that is delivered. */
  private interface Point {
    void deliver(SmlFile file, Sink sink);
  }

  private enum Type {
    NUMBER,
    UNSIGNED,
    TEXT
  }

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

  void deliver(SmlFile file, Sink sink) {
    points.forEach(point -> point.deliver(file, sink));
  }

  private static Point point(int index, PointDefinition definition) {
    Type type = type(definition.type());
    if (!definition.order().isEmpty()) {
      throw new IllegalArgumentException(
          "order: expected nothing, found '" + definition.order() + "'");
    }
    String address = definition.address().strip().toLowerCase(Locale.ROOT);
    if (address.equals(SERVER)) {
      return (file, sink) -> sink.text(index, file.server());
    }
    boolean status = address.endsWith(STATUS);
    Obis name = name(definition.address(), address.replaceFirst(STATUS + "$", "").strip());
    return (file, sink) -> {
      List<Entry> found = file.entries().stream().filter(e -> name.fits(e.name())).toList();
      if (found.size() != 1) {
        sink.bad(index, missing(name, found, file));
      } else if (status) {
        status(index, found.get(0), sink);
      } else {
        value(index, type, found.get(0), sink);
      }
    };
  }

  private static Type type(String type) {
    for (Type each : Type.values()) {
      if (each.name().equalsIgnoreCase(type.strip())) {
        return each;
      }
    }
    throw new IllegalArgumentException(
        "type: expected number, unsigned or text, found '" + type + "'");
  }

  private static Obis name(String written, String code) {
    try {
      return Obis.parse(code);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "address '"
              + written
              + "': expected an OBIS code such as 1-0:1.8.0*255 or 1.8.0, with ' status' behind it"
              + " for its status, or server-id",
          e);
    }
  }

  private static String missing(Obis name, List<Entry> found, SmlFile file) {
    return found.isEmpty()
        ? "the meter does not send %s; it sends %s"
            .formatted(name, file.entries().stream().map(e -> e.name().toString()).toList())
        : "the meter sends %s more than once; write one of %s"
            .formatted(
                name,
                found.stream().map(e -> e.name().toString()).collect(Collectors.joining(", ")));
  }

  private static void status(int index, Entry entry, Sink sink) {
    Long status = entry.status();
    if (status == null) {
      sink.bad(index, "the meter sends no status with " + entry.name());
    } else {
      sink.integer(index, status);
    }
  }

  private static void value(int index, Type type, Entry entry, Sink sink) {
    BigDecimal number = entry.scaled(type == Type.UNSIGNED);
    if (type == Type.TEXT) {
      sink.text(index, entry.text());
    } else if (number == null) {
      sink.bad(index, "expected a number, the meter sends '" + entry.text() + "'");
    } else if (entry.whole() && number.abs().compareTo(LARGEST) <= 0) {
      sink.integer(index, number.longValue());
    } else {
      sink.float64(index, number.doubleValue());
    }
  }
}
