package io.snaprail.sparkplug.support;

import io.snaprail.api.model.Access;
import io.snaprail.api.model.PointDefinition;
import io.snaprail.api.model.Sample;
import io.snaprail.api.model.SampleBatch;
import io.snaprail.api.model.SourceLocation;
import io.snaprail.api.model.Value;
import io.snaprail.api.runtime.DeviceStatus;
import io.snaprail.api.runtime.DeviceStatus.State;
import io.snaprail.api.runtime.Gateway;
import io.snaprail.api.runtime.PointStatus;
import java.lang.reflect.Proxy;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A gateway whose devices a test makes, switches and reads. */
public final class Plant {
  private final Map<String, State> devices = new LinkedHashMap<>();
  private final Map<String, PointStatus> points = new LinkedHashMap<>();
  private final Map<String, Long> sequences = new LinkedHashMap<>();

  public synchronized Plant device(String name, State state) {
    devices.put(name, state);
    return this;
  }

  public synchronized void remove(String device) {
    devices.remove(device);
    points.keySet().removeIf(key -> key.startsWith(device + "/"));
  }

  public synchronized Plant point(String device, String point, String type, String unit) {
    PointDefinition definition =
        new PointDefinition(
            point,
            "holding:1",
            type,
            "",
            BigDecimal.ONE,
            BigDecimal.ZERO,
            unit,
            Access.READ_WRITE,
            null,
            0,
            null,
            null,
            "",
            new SourceLocation("test", 1));
    points.put(device + "/" + point, new PointStatus(device, definition, null, 0));
    return this;
  }

  /** The device has been read: its current values change, and this goes to the listeners. */
  public synchronized SampleBatch read(String device, Instant time, Map<String, Value> values) {
    List<Sample> samples = new ArrayList<>();
    values.forEach((point, value) -> samples.add(Sample.good(point, value, time)));
    return read(device, time, samples);
  }

  public synchronized SampleBatch read(String device, Instant time, List<Sample> samples) {
    long sequence = sequences.merge(device, 1L, Long::sum);
    for (Sample sample : samples) {
      points.computeIfPresent(
          device + "/" + sample.point(),
          (key, before) -> new PointStatus(device, before.definition(), sample, sequence));
    }
    return new SampleBatch(device, sequence, time, samples);
  }

  private synchronized List<DeviceStatus> statuses() {
    return devices.entrySet().stream()
        .map(
            entry ->
                new DeviceStatus(
                    entry.getKey(),
                    "driver",
                    "",
                    "bus",
                    entry.getValue(),
                    "",
                    1,
                    Duration.ofSeconds(1),
                    null,
                    0,
                    0,
                    0,
                    0,
                    Duration.ZERO))
        .toList();
  }

  private synchronized List<PointStatus> all() {
    return List.copyOf(points.values());
  }

  public Gateway gateway() {
    return (Gateway)
        Proxy.newProxyInstance(
            getClass().getClassLoader(),
            new Class<?>[] {Gateway.class},
            (proxy, method, arguments) ->
                switch (method.getName()) {
                  case "devices" -> statuses();
                  case "points" -> all();
                  case "bootId" -> "boot-1";
                  default -> throw new UnsupportedOperationException(method.getName());
                });
  }
}
