package io.snaprail.driver.simulator;

import io.snaprail.api.driver.Sink;
import io.snaprail.api.model.PointDefinition;
import io.snaprail.api.model.Value;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/**
 * What one address delivers, in one type.
 *
 * <ul>
 *   <li>{@code constant:V}: a number, {@code true}, {@code false}, or a text
 *   <li>{@code counter}: 0, 1, 2, ... a read
 *   <li>{@code ramp:PERIOD} or {@code ramp:PERIOD:TOP}: rises from 0 to TOP (100) in PERIOD seconds
 *   <li>{@code sine:PERIOD} or {@code sine:PERIOD:AMPLITUDE}: -AMPLITUDE..AMPLITUDE (100)
 *   <li>{@code random:LOW..HIGH}: evenly distributed
 *   <li>{@code memory:NAME}: what was written last; 0 at first. The only address to write to
 * </ul>
 *
 * @param type bool, int16, uint16, int32, uint32, int64, float32, float64 or string
 * @param source the next value
 */
record Signal(String type, Supplier<Value> source) {
  static final String MEMORY = "memory:";

  private static final Set<String> INTEGERS = Set.of("int16", "uint16", "int32", "uint32", "int64");
  private static final Set<String> OTHERS = Set.of("bool", "float32", "float64", "string");
  private static final double DEFAULT_HEIGHT = 100;

  /**
   * Compiles a point.
   *
   * @param memory what has been written, by address
   * @throws IllegalArgumentException naming the key, what was expected and what was found
   */
  static Signal of(PointDefinition point, Map<String, Value> memory) {
    if (!INTEGERS.contains(point.type()) && !OTHERS.contains(point.type())) {
      throw new IllegalArgumentException(
          "type '"
              + point.type()
              + "': expected bool, int16, uint16, int32, uint32, int64, float32, float64 or"
              + " string");
    }
    return new Signal(point.type(), source(point.address(), memory));
  }

  private static Supplier<Value> source(String address, Map<String, Value> memory) {
    String[] parts = address.split(":", 3);
    if (address.startsWith(MEMORY) && address.length() > MEMORY.length()) {
      return () -> memory.getOrDefault(address, new Value.Int(0));
    }
    if (address.equals("counter")) {
      AtomicLong next = new AtomicLong();
      return () -> new Value.Int(next.getAndIncrement());
    }
    if (address.startsWith("constant:")) {
      Value value = constant(address.substring("constant:".length()));
      return () -> value;
    }
    try {
      double top = parts.length == 3 ? Double.parseDouble(parts[2]) : DEFAULT_HEIGHT;
      return switch (parts.length < 2 ? "" : parts[0]) {
        case "ramp" -> wave(parts[1], phase -> top * phase);
        case "sine" -> wave(parts[1], phase -> top * Math.sin(2 * Math.PI * phase));
        case "random" -> random(parts[1].split("\\.\\.", 2));
        default -> throw unknown(address);
      };
    } catch (NumberFormatException | ArrayIndexOutOfBoundsException e) {
      throw unknown(address);
    }
  }

  private static IllegalArgumentException unknown(String address) {
    return new IllegalArgumentException(
        "address '"
            + address
            + "': expected constant:V, counter, ramp:PERIOD, sine:PERIOD, random:LOW..HIGH or"
            + " memory:NAME, with PERIOD in seconds above 0");
  }

  private static Value constant(String text) {
    if (text.equals("true") || text.equals("false")) {
      return new Value.Bool(Boolean.parseBoolean(text));
    }
    try {
      return new Value.Int(Long.parseLong(text));
    } catch (NumberFormatException notWhole) {
      try {
        return new Value.Float64(Double.parseDouble(text));
      } catch (NumberFormatException notANumber) {
        return new Value.Text(text);
      }
    }
  }

  /** From how much of the present period is over, 0..1, to the value. */
  @FunctionalInterface
  private interface Shape {
    double at(double phase);
  }

  private static Supplier<Value> wave(String period, Shape shape) {
    double nanos = Double.parseDouble(period) * 1e9;
    if (!(nanos > 0) || Double.isInfinite(nanos)) {
      throw new NumberFormatException(period);
    }
    long start = System.nanoTime();
    return () -> new Value.Float64(shape.at((System.nanoTime() - start) % nanos / nanos));
  }

  private static Supplier<Value> random(String[] bounds) {
    double low = Double.parseDouble(bounds[0]);
    double high = Double.parseDouble(bounds[1]);
    if (!(high > low) || Double.isInfinite(high - low)) {
      throw new NumberFormatException(bounds[1]);
    }
    return () -> new Value.Float64(ThreadLocalRandom.current().nextDouble(low, high));
  }

  void deliver(int index, Sink sink) {
    Value value = source.get();
    if (type.equals("string")) {
      sink.text(index, value.text());
    } else if (Double.isNaN(value.number())) {
      sink.bad(index, "'" + value.text() + "' is not a number, as type " + type + " needs");
    } else if (type.equals("bool")) {
      sink.bool(index, value.number() >= 0.5);
    } else if (INTEGERS.contains(type)) {
      sink.integer(index, value instanceof Value.Int n ? n.value() : Math.round(value.number()));
    } else if (type.equals("float32")) {
      sink.float32(index, (float) value.number());
    } else {
      sink.float64(index, value.number());
    }
  }
}
