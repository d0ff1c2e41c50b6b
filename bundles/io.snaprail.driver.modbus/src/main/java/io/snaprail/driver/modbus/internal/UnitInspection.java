package io.snaprail.driver.modbus.internal;

import io.snaprail.api.driver.Inspection;
import io.snaprail.api.driver.Inspection.Fact;
import io.snaprail.api.driver.Inspection.Figure;
import io.snaprail.driver.modbus.internal.transport.ExceptionCode;
import io.snaprail.driver.modbus.internal.transport.UnitReport;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What people are told of a unit, whichever way it is reached. */
final class UnitInspection {
  private static final double NANOS_PER_MS = 1e6;

  private UnitInspection() {}

  static Inspection of(String bus, UnitSettings settings, UnitReport report) {
    return new Inspection(facts(bus, settings, report), figures(report), List.of());
  }

  private static List<Fact> facts(String bus, UnitSettings settings, UnitReport report) {
    List<Fact> facts = new ArrayList<>();
    facts.add(new Fact("Bus", bus));
    facts.add(new Fact("Unit", Integer.toString(settings.unit())));
    facts.add(
        new Fact(
            "Addresses",
            settings.zeroBased()
                ? "zero-based: holding:0 is the first register, as is 40001"
                : "one-based: holding:1 is the first register, as is 40001"));
    facts.add(new Fact("Connection", report.connected() ? "open" : "closed"));
    report.identification().forEach((object, text) -> facts.add(new Fact(label(object), text)));
    if (report.identification().isEmpty()) {
      facts.add(new Fact("Identification", "not asked for; use the tool 'identify'"));
    }
    return facts;
  }

  private static String label(int object) {
    String name = Identification.name(object);
    return name.substring(0, 1).toUpperCase(Locale.ROOT) + name.substring(1);
  }

  private static List<Figure> figures(UnitReport report) {
    List<Figure> figures = new ArrayList<>();
    figures.add(new Figure("requests", "Requests", report.requests(), ""));
    figures.add(new Figure("timeouts", "Without answer in time", report.timeouts(), ""));
    figures.add(new Figure("checksum_errors", "Damaged answers", report.damaged(), ""));
    figures.add(new Figure("wrong_answers", "Wrong answers", report.wrong(), ""));
    figures.add(new Figure("lost_connections", "Lost connections", report.lost(), ""));
    report
        .exceptions()
        .forEach(
            (code, count) ->
                figures.add(
                    new Figure(
                        "exception_" + code, sentence(ExceptionCode.text(code)), count, "")));
    figures.add(time("rtt_p50_ms", "Round trip, half of the last 256", report.medianNanos()));
    figures.add(time("rtt_p99_ms", "Round trip, 99 of 100", report.slowNanos()));
    return figures;
  }

  private static String sentence(String text) {
    return text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1);
  }

  private static Figure time(String key, String label, double nanos) {
    return new Figure(key, label, nanos / NANOS_PER_MS, "ms");
  }
}
