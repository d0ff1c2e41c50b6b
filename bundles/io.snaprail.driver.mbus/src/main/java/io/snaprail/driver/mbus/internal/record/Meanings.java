package io.snaprail.driver.mbus.internal.record;

import java.math.BigDecimal;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The value information of EN 13757-3, clauses 6.4.2 to 6.4.4: which code means what. */
final class Meanings {
  private static final BigDecimal[] SECONDS = {
    BigDecimal.ONE, BigDecimal.valueOf(60), BigDecimal.valueOf(3_600), BigDecimal.valueOf(86_400)
  };

  private static final String[] PER = {"/s", "/min", "/h", "/d", "/week", "/month", "/year"};

  /** What is not in a table: a number as it stands. */
  static final Meaning UNKNOWN = Meaning.number("unknown", "", 0);

  /** The quantity of a value whose unit is told as a text. */
  static final String PLAIN = "plain";

  /** Codes that follow each other; the lowest bits count up the power of ten. */
  private record Row(int first, int count, Meaning meaning, Step step) {
    Meaning at(int code) {
      int n = code - first;
      return switch (step) {
        case TEN -> meaning.times(BigDecimal.ONE.scaleByPowerOfTen(n));
        case SECONDS -> meaning.times(SECONDS[n]);
        case NONE -> meaning;
      };
    }
  }

  private enum Step {
    TEN,
    SECONDS,
    NONE
  }

  private static Row tens(int first, int count, String quantity, String unit, int exponent) {
    return new Row(first, count, Meaning.number(quantity, unit, exponent), Step.TEN);
  }

  private static Row time(int first, String quantity) {
    return new Row(first, 4, Meaning.number(quantity, "s", 0), Step.SECONDS);
  }

  private static Row plain(int code, String quantity, String unit) {
    return new Row(code, 1, Meaning.number(quantity, unit, 0), Step.NONE);
  }

  private static Row form(int code, String quantity, Meaning.Form form) {
    return new Row(code, 1, new Meaning(quantity, "", BigDecimal.ONE, form), Step.NONE);
  }

  /** Table 10. */
  private static final List<Row> PRIMARY =
      List.of(
          tens(0x00, 8, "energy", "Wh", -3),
          tens(0x08, 8, "energy", "J", 0),
          tens(0x10, 8, "volume", "m³", -6),
          tens(0x18, 8, "mass", "kg", -3),
          time(0x20, "on-time"),
          time(0x24, "operating-time"),
          tens(0x28, 8, "power", "W", -3),
          tens(0x30, 8, "power", "J/h", 0),
          tens(0x38, 8, "volume-flow", "m³/h", -6),
          tens(0x40, 8, "volume-flow", "m³/min", -7),
          tens(0x48, 8, "volume-flow", "m³/s", -9),
          tens(0x50, 8, "mass-flow", "kg/h", -3),
          tens(0x58, 4, "flow-temperature", "°C", -3),
          tens(0x5C, 4, "return-temperature", "°C", -3),
          tens(0x60, 4, "temperature-difference", "K", -3),
          tens(0x64, 4, "external-temperature", "°C", -3),
          tens(0x68, 4, "pressure", "bar", -3),
          form(0x6C, "date", Meaning.Form.TIME),
          form(0x6D, "date-time", Meaning.Form.TIME),
          plain(0x6E, "heat-cost", ""),
          time(0x70, "averaging-duration"),
          time(0x74, "actuality-duration"),
          plain(0x78, "fabrication-number", ""),
          plain(0x79, "identification", ""),
          plain(0x7A, "address", ""));

  /** Behind FD: table 12. */
  private static final List<Row> SECOND =
      List.of(
          tens(0x00, 4, "credit", "", -3),
          tens(0x04, 4, "debit", "", -3),
          plain(0x08, "access-number", ""),
          plain(0x09, "medium", ""),
          plain(0x0A, "manufacturer", ""),
          plain(0x0B, "parameter-set", ""),
          plain(0x0C, "model-version", ""),
          plain(0x0D, "hardware-version", ""),
          plain(0x0E, "firmware-version", ""),
          plain(0x0F, "software-version", ""),
          plain(0x10, "customer-location", ""),
          plain(0x11, "customer", ""),
          form(0x17, "error-flags", Meaning.Form.BITS),
          form(0x18, "error-mask", Meaning.Form.BITS),
          form(0x1A, "digital-output", Meaning.Form.BITS),
          form(0x1B, "digital-input", Meaning.Form.BITS),
          plain(0x1C, "baud-rate", "Bd"),
          plain(0x1D, "response-delay", ""),
          plain(0x1E, "retries", ""),
          plain(0x20, "first-storage", ""),
          plain(0x21, "last-storage", ""),
          plain(0x22, "storage-block-size", ""),
          time(0x24, "storage-interval"),
          plain(0x28, "storage-interval", "months"),
          plain(0x29, "storage-interval", "years"),
          time(0x2C, "time-since-readout"),
          form(0x30, "tariff-start", Meaning.Form.TIME),
          time(0x34, "tariff-period"),
          plain(0x3A, "number", ""),
          tens(0x40, 16, "voltage", "V", -9),
          tens(0x50, 16, "current", "A", -12),
          plain(0x60, "reset-counter", ""),
          plain(0x61, "cumulation-counter", ""),
          plain(0x62, "control-signal", ""),
          plain(0x63, "day-of-week", ""),
          plain(0x64, "week", ""),
          plain(0x6C, "battery-operating-time", "h"),
          plain(0x6D, "battery-operating-time", "d"),
          plain(0x6E, "battery-operating-time", "months"),
          plain(0x6F, "battery-operating-time", "years"),
          form(0x70, "battery-change", Meaning.Form.TIME),
          plain(0x71, "signal-strength", "dBm"),
          plain(0x74, "battery-days-left", "d"));

  /** Behind FB: table 14. */
  private static final List<Row> THIRD =
      List.of(
          tens(0x00, 2, "energy", "Wh", 5),
          tens(0x02, 2, "reactive-energy", "varh", 3),
          tens(0x04, 2, "apparent-energy", "VAh", 3),
          tens(0x08, 2, "energy", "J", 8),
          tens(0x0C, 4, "energy", "cal", 5),
          tens(0x10, 2, "volume", "m³", 2),
          tens(0x14, 4, "reactive-power", "var", 0),
          tens(0x18, 2, "mass", "kg", 5),
          tens(0x1A, 2, "relative-humidity", "%", -1),
          plain(0x20, "volume", "ft³"),
          tens(0x21, 1, "volume", "ft³", -1),
          tens(0x28, 2, "power", "W", 5),
          tens(0x2A, 1, "phase-voltages", "°", -1),
          tens(0x2B, 1, "phase-current", "°", -1),
          tens(0x2C, 4, "frequency", "Hz", -3),
          tens(0x30, 2, "power", "J/h", 8),
          tens(0x34, 4, "apparent-power", "VA", 0),
          tens(0x74, 4, "temperature-limit", "°C", -3),
          tens(0x78, 8, "maximum-power", "W", -3));

  /** Every quantity that a record may have. */
  static final Set<String> QUANTITIES =
      Stream.concat(
              Stream.of(UNKNOWN.quantity(), PLAIN),
              Stream.of(PRIMARY, SECOND, THIRD)
                  .flatMap(List::stream)
                  .map(row -> row.meaning().quantity()))
          .collect(
              Collectors.collectingAndThen(
                  Collectors.toCollection(TreeSet::new), Collections::unmodifiableSet));

  private Meanings() {}

  /** What a code of the primary table means, 0..0x7F. */
  static Meaning primary(int code) {
    return find(PRIMARY, code);
  }

  /** What a code behind FD means, 0..0x7F. */
  static Meaning second(int code) {
    return find(SECOND, code);
  }

  /** What a code behind FB means, 0..0x7F. */
  static Meaning third(int code) {
    return find(THIRD, code);
  }

  private static Meaning find(List<Row> table, int code) {
    for (Row row : table) {
      if (code >= row.first() && code < row.first() + row.count()) {
        return row.at(code);
      }
    }
    return UNKNOWN;
  }

  /** Whether an extension only scales the value, so that it is not another quantity. */
  static boolean scales(int code) {
    return (code >= 0x70 && code <= 0x77) || code == 0x7D;
  }

  /**
   * What an extension makes of a meaning (table 15).
   *
   * @param code without its extension bit, 0..0x7F
   * @return the same meaning when the extension only says more of the value, such as in which
   *     direction it was counted
   */
  static Meaning extended(Meaning meaning, int code) {
    if (code >= 0x70 && code <= 0x77) {
      return meaning.times(BigDecimal.ONE.scaleByPowerOfTen(code - 0x76));
    }
    if (code >= 0x50 && code <= 0x67) {
      // How long a limit was exceeded, or how long the first or last time lasted.
      return meaning.as("s", SECONDS[code & 0x03], Meaning.Form.NUMBER);
    }
    return switch (code) {
      case 0x7D -> meaning.times(BigDecimal.valueOf(1_000));
      case 0x20, 0x21, 0x22, 0x23, 0x24, 0x25, 0x26 ->
          meaning.as(meaning.unit() + PER[code - 0x20], meaning.factor(), meaning.form());
      case 0x39, 0x42, 0x43, 0x46, 0x47, 0x4A, 0x4B, 0x4E, 0x4F, 0x6A, 0x6B, 0x6E, 0x6F ->
          meaning.as("", BigDecimal.ONE, Meaning.Form.TIME);
      case 0x41, 0x49 -> meaning.as("", BigDecimal.ONE, Meaning.Form.NUMBER);
      default ->
          // These relate the value to another quantity, so that its unit is another one.
          (code >= 0x28 && code <= 0x38) || code == 0x3D
              ? meaning.as("", meaning.factor(), meaning.form())
              : meaning;
    };
  }
}
