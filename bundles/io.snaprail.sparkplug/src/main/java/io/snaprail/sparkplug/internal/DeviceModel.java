package io.snaprail.sparkplug.internal;

import io.snaprail.api.command.PointFilter;
import io.snaprail.api.model.PointDefinition;
import io.snaprail.api.model.Quality;
import io.snaprail.api.model.Sample;
import io.snaprail.api.model.Value;
import io.snaprail.api.runtime.PointStatus;
import io.snaprail.sparkplug.internal.wire.DataType;
import io.snaprail.sparkplug.internal.wire.Metric;
import io.snaprail.sparkplug.internal.wire.Property;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a host has been told of a device: its metrics, their types and aliases. A type is that of
 * the values seen so far and only gets wider, so that it settles. Of the connection's thread.
 */
final class DeviceModel {
  private final String device;
  private final Aliases aliases;
  private final Map<String, Known> metrics = new LinkedHashMap<>();
  private boolean born;

  DeviceModel(String device, Aliases aliases) {
    this.device = device;
    this.aliases = aliases;
  }

  /** A metric that the host knows, or will with the next birth. */
  private static final class Known {
    final long alias;
    DataType type = DataType.UNKNOWN;
    // Time stamp of the value in the birth; what is older is history to the host.
    long bornAt = Long.MIN_VALUE;

    Known(long alias) {
      this.alias = alias;
    }
  }

  boolean born() {
    return born;
  }

  void died() {
    born = false;
  }

  /** Whether the host knows these metrics by name and type. */
  boolean fits(List<Metric> data) {
    for (Metric metric : data) {
      Known known = metrics.get(metric.name());
      if (known == null
          || (metric.value() != null && known.type != known.type.join(metric.type()))) {
        return false;
      }
    }
    return true;
  }

  /**
   * The metrics of a birth.
   *
   * @param points that the device has now
   * @param data that is about to be sent and may know more: a point that is no longer there
   * @param now for metrics that have no value yet
   */
  List<Metric> birth(List<PointStatus> points, List<Metric> data, PointFilter writable, long now) {
    Set<String> named = new HashSet<>();
    List<Metric> birth = new ArrayList<>();
    for (PointStatus point : points) {
      String name = point.definition().name();
      named.add(name);
      Known known = learn(name, values(name, point, data));
      if (known.type == DataType.UNKNOWN) {
        birth.add(metric(name, known.alias, Guess.type(point.definition()), point, writable, now));
      } else {
        birth.add(metric(name, known.alias, known.type, point, writable, now));
      }
      Sample sample = point.sample();
      known.bornAt =
          sample == null || sample.value() == null
              ? Long.MIN_VALUE
              : sample.sourceTime().toEpochMilli();
    }
    for (Metric metric : data) {
      if (named.add(metric.name())) {
        Known known = learn(metric.name(), values(metric.name(), null, data));
        known.bornAt = Long.MIN_VALUE;
        DataType type = known.type == DataType.UNKNOWN ? metric.type() : known.type;
        birth.add(gone(metric.name(), known.alias, type, now));
      }
    }
    metrics
        .entrySet()
        .removeIf(entry -> !named.contains(entry.getKey()) && forget(entry.getValue()));
    born = true;
    return birth;
  }

  /** A metric of data as it goes after the birth: by alias, and as the type that the birth says. */
  Metric data(Metric metric, boolean waited) {
    Known known = metrics.get(metric.name());
    if (known == null) {
      throw new IllegalArgumentException("metric '" + metric.name() + "' is in no birth");
    }
    return new Metric(
        "",
        known.alias,
        metric.timestamp(),
        DataType.UNKNOWN,
        waited || metric.timestamp() < known.bornAt,
        known.type.fit(metric.value()),
        metric.properties());
  }

  /** All that was given to this device is free again. */
  void forget() {
    metrics.values().forEach(this::forget);
    metrics.clear();
  }

  private boolean forget(Known known) {
    aliases.forget(known.alias);
    return true;
  }

  private Known learn(String name, List<Value> values) {
    Known known = metrics.computeIfAbsent(name, key -> new Known(aliases.give(device, name)));
    for (Value value : values) {
      DataType type = DataType.of(value);
      known.type = known.type == DataType.UNKNOWN ? type : known.type.join(type);
    }
    return known;
  }

  private static List<Value> values(String name, @Nullable PointStatus point, List<Metric> data) {
    List<Value> values = new ArrayList<>();
    Sample sample = point == null ? null : point.sample();
    Value present = sample == null ? null : sample.value();
    if (present != null) {
      values.add(present);
    }
    for (Metric metric : data) {
      Value sent = metric.value();
      if (sent != null && metric.name().equals(name)) {
        values.add(sent);
      }
    }
    return values;
  }

  private Metric metric(
      String name, long alias, DataType type, PointStatus point, PointFilter writable, long now) {
    PointDefinition definition = point.definition();
    Sample sample = point.sample();
    List<Property> properties = new ArrayList<>();
    if (sample == null) {
      properties.add(new Property(Property.QUALITY, Samples.STALE));
    } else {
      properties.addAll(Samples.properties(sample));
    }
    if (!definition.unit().isEmpty()) {
      properties.add(new Property("engUnit", definition.unit()));
    }
    if (!definition.description().isEmpty()) {
      properties.add(new Property("description", definition.description()));
    }
    boolean writes = definition.access().writable() && writable.matches(device, name);
    properties.add(new Property("readOnly", !writes));
    Value value = sample == null ? null : type.fit(sample.value());
    long timestamp = sample == null ? now : sample.sourceTime().toEpochMilli();
    return new Metric(name, alias, timestamp, type, /* historical= */ false, value, properties);
  }

  /** A point that the device has no longer, and of which there is still something to tell. */
  private static Metric gone(String name, long alias, DataType type, long now) {
    return new Metric(
        name,
        alias,
        now,
        type == DataType.UNKNOWN ? DataType.STRING : type,
        /* historical= */ false,
        null,
        List.of(new Property(Property.QUALITY, Samples.quality(Quality.BAD))));
  }
}
