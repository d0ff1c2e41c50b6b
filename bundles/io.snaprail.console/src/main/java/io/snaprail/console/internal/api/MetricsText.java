package io.snaprail.console.internal.api;

import io.snaprail.api.health.MetricSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Collects metrics and writes them in the text format of Prometheus, version 0.0.4: a family's
 * samples stand together behind one HELP and one TYPE. Not safe for threads.
 */
final class MetricsText implements MetricSource.Collector {
  /** Media type of the format. */
  static final String TYPE = "text/plain; version=0.0.4; charset=utf-8";

  private static final Pattern NAME = Pattern.compile("[a-zA-Z_:][a-zA-Z0-9_:]*");
  private static final Pattern LABEL = Pattern.compile("[a-zA-Z_][a-zA-Z0-9_]*");

  private final Map<String, Family> families = new TreeMap<>();

  /** Metrics of one name; of each set of labels the last value counts. */
  private record Family(String type, String help, Map<String, Double> samples) {}

  @Override
  public void counter(String name, String help, double value, String... labels) {
    add("counter", name, help, value, labels);
  }

  @Override
  public void gauge(String name, String help, double value, String... labels) {
    add("gauge", name, help, value, labels);
  }

  private void add(String type, String name, String help, double value, String... labels) {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException("'" + name + "' cannot be the name of a metric");
    }
    Family family =
        families.computeIfAbsent(name, n -> new Family(type, help, new LinkedHashMap<>()));
    if (!family.type().equals(type)) {
      throw new IllegalArgumentException(
          "metric " + name + " is a " + family.type() + " elsewhere, not a " + type);
    }
    family.samples().put(labelText(name, labels), value);
  }

  private static String labelText(String metric, String... labels) {
    if (labels.length % 2 != 0) {
      throw new IllegalArgumentException("a label of metric " + metric + " has no value");
    }
    List<String> pairs = new ArrayList<>();
    for (int i = 0; i < labels.length; i += 2) {
      if (!LABEL.matcher(labels[i]).matches()) {
        throw new IllegalArgumentException(
            "'" + labels[i] + "' cannot be a label of metric " + metric);
      }
      pairs.add(labels[i] + "=\"" + escape(labels[i + 1]).replace("\"", "\\\"") + "\"");
    }
    return pairs.isEmpty() ? "" : "{" + String.join(",", pairs) + "}";
  }

  /** What was collected. */
  String text() {
    StringBuilder out = new StringBuilder();
    families.forEach(
        (name, family) -> {
          out.append("# HELP ").append(name).append(' ').append(escape(family.help())).append('\n');
          out.append("# TYPE ").append(name).append(' ').append(family.type()).append('\n');
          family
              .samples()
              .forEach(
                  (labels, value) ->
                      out.append(name)
                          .append(labels)
                          .append(' ')
                          .append(number(value))
                          .append('\n'));
        });
    return out.toString();
  }

  private static String escape(String text) {
    return text.replace("\\", "\\\\").replace("\n", "\\n");
  }

  private static String number(double value) {
    if (Double.isInfinite(value)) {
      return value > 0 ? "+Inf" : "-Inf";
    }
    boolean whole = value == Math.rint(value) && Math.abs(value) < 1e15;
    return whole ? Long.toString((long) value) : Double.toString(value);
  }
}
