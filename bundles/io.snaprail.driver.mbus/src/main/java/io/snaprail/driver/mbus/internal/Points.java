package io.snaprail.driver.mbus.internal;

import io.snaprail.api.driver.Device.PointErrors;
import io.snaprail.api.driver.Sink;
import io.snaprail.api.model.PointDefinition;
import io.snaprail.driver.mbus.internal.record.Content;
import io.snaprail.driver.mbus.internal.record.DataRecord;
import io.snaprail.driver.mbus.internal.record.Identity;
import io.snaprail.driver.mbus.internal.record.RecordAddress;
import io.snaprail.driver.mbus.internal.record.Telegram;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Takes points out of what a meter told. */
final class Points {
  private static final String HEADER = "header:";
  private static final BigDecimal LARGEST = BigDecimal.valueOf(Long.MAX_VALUE);

  private final List<Point> points = new ArrayList<>();

  /** Something that is delivered. */
  private interface Point {
    void deliver(Meter.Readout readout, Sink sink);
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

  void deliver(Meter.Readout readout, Sink sink) {
    points.forEach(point -> point.deliver(readout, sink));
  }

  private static Point point(int index, PointDefinition definition) {
    boolean text = isText(definition.type());
    if (!definition.order().isEmpty()) {
      throw new IllegalArgumentException(
          "order: expected nothing, found '" + definition.order() + "'");
    }
    String address = definition.address().strip().toLowerCase(Locale.ROOT);
    if (address.startsWith(HEADER)) {
      Field field = Field.of(address.substring(HEADER.length()), definition.address());
      return (readout, sink) -> field.deliver(readout.first(), index, sink);
    }
    RecordAddress wanted = RecordAddress.parse(definition.address());
    return (readout, sink) -> deliver(wanted, readout, text, index, sink);
  }

  private static boolean isText(String type) {
    return switch (type.strip().toLowerCase(Locale.ROOT)) {
      case "number" -> false;
      case "text" -> true;
      default ->
          throw new IllegalArgumentException("type: expected number or text, found '" + type + "'");
    };
  }

  private static void deliver(
      RecordAddress wanted, Meter.Readout readout, boolean text, int index, Sink sink) {
    List<DataRecord> found = readout.records().stream().filter(wanted.fits()).toList();
    if (found.size() == 1) {
      deliver(found.get(0), text, index, sink);
      return;
    }
    sink.bad(
        index,
        found.isEmpty()
            ? "the meter gives no record '%s' among its %d; %sthe tool 'read' lists them"
                .formatted(
                    wanted.text(),
                    readout.records().size(),
                    readout.fault().isEmpty()
                        ? ""
                        : "its answer ends early: " + readout.fault() + "; ")
            : found.size()
                + " records fit '"
                + wanted.text()
                + "': "
                + found.stream()
                    .map(r -> "record:" + r.number() + " (vib=" + r.information() + ")")
                    .collect(Collectors.joining(", ")));
  }

  private static void deliver(DataRecord record, boolean text, int index, Sink sink) {
    if (record.content() instanceof Content.None none) {
      sink.bad(index, none.reason());
      return;
    }
    if (text) {
      sink.text(index, record.text());
      return;
    }
    BigDecimal scaled = record.scaled();
    if (scaled == null) {
      sink.bad(index, "expected a number, the meter gives '" + record.text() + "'");
    } else if (record.whole() && scaled.abs().compareTo(LARGEST) <= 0) {
      sink.integer(index, scaled.longValue());
    } else {
      sink.float64(index, scaled.doubleValue());
    }
  }

  /** What stands in front of the records. */
  private enum Field {
    IDENTIFICATION,
    MANUFACTURER,
    VERSION,
    MEDIUM,
    STATUS,
    ACCESS_NUMBER;

    static Field of(String name, String address) {
      for (Field field : values()) {
        if (field.name().toLowerCase(Locale.ROOT).replace('_', '-').equals(name)) {
          return field;
        }
      }
      throw new IllegalArgumentException(
          "address '"
              + address
              + "': expected header:identification, manufacturer, version, medium, status or"
              + " access-number");
    }

    void deliver(Telegram telegram, int index, Sink sink) {
      if (this == STATUS || this == ACCESS_NUMBER) {
        if (telegram.accessNumber() < 0) {
          sink.bad(index, "the meter answers without a header");
        } else {
          sink.integer(index, this == STATUS ? telegram.status() : telegram.accessNumber());
        }
        return;
      }
      if (telegram.meter() == null) {
        sink.bad(index, "the meter answers without a long header");
        return;
      }
      Identity identity = Identity.of(telegram.meter());
      switch (this) {
        case IDENTIFICATION -> sink.text(index, identity.identification());
        case MANUFACTURER -> sink.text(index, identity.manufacturer());
        case VERSION -> sink.integer(index, identity.version());
        default -> sink.integer(index, identity.medium());
      }
    }
  }
}
