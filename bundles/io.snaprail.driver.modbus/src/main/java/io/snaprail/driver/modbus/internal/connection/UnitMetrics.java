package io.snaprail.driver.modbus.internal.connection;

import io.snaprail.api.health.MetricSource.Collector;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;

/** The figures of units, the same for every transport. */
public final class UnitMetrics {
  private UnitMetrics() {}

  /**
   * The units of one way.
   *
   * @param endpoint where it leads
   * @param transport what is spoken there
   * @param checksum whether its frames carry one
   * @param units by their number
   */
  public record Source(
      String endpoint, String transport, boolean checksum, Map<Integer, UnitCounters> units) {}

  /** Delivers the figures of units. */
  public static void collect(Collector collector, List<Source> sources) {
    perUnit(collector, sources, "requests", "Requests sent.", u -> u.requests);
    perUnit(collector, sources, "timeouts", "Requests without answer in time.", u -> u.timeouts);
    perUnit(collector, sources, "wrong_answers", "Answers that were refused.", u -> u.wrongAnswers);
    perUnit(
        collector,
        sources,
        "lost_connections",
        "Connections that broke while an answer was awaited.",
        u -> u.lostConnections);
    perUnit(
        collector,
        sources.stream().filter(Source::checksum).toList(),
        "checksum_errors",
        "Answers that were damaged.",
        u -> u.checksumErrors);
    sources.forEach(source -> exceptions(collector, source));
  }

  private static void perUnit(
      Collector collector,
      List<Source> sources,
      String what,
      String help,
      Function<UnitCounters, LongAdder> figure) {
    for (Source source : sources) {
      source
          .units()
          .forEach(
              (unit, counters) ->
                  collector.counter(
                      "snaprail_modbus_" + what + "_total",
                      help,
                      (double) figure.apply(counters).sum(),
                      "endpoint",
                      source.endpoint(),
                      "transport",
                      source.transport(),
                      "unit",
                      Integer.toString(unit)));
    }
  }

  private static void exceptions(Collector collector, Source source) {
    source
        .units()
        .forEach(
            (unit, counters) ->
                counters
                    .exceptions()
                    .forEach(
                        (code, count) ->
                            collector.counter(
                                "snaprail_modbus_exceptions_total",
                                "Exceptions answered by the unit or its gateway.",
                                (double) count.sum(),
                                "endpoint",
                                source.endpoint(),
                                "transport",
                                source.transport(),
                                "unit",
                                Integer.toString(unit),
                                "code",
                                Integer.toString(code))));
  }
}
