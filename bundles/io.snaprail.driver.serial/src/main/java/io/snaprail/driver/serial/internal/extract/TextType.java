package io.snaprail.driver.serial.internal.extract;

import io.snaprail.api.driver.Sink;
import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a text means.
 *
 * <ul>
 *   <li>{@code number}: decimal, with or without fraction or exponent; {@code number(0..100)} with
 *       the range in which it is believed
 *   <li>{@code hex}: hexadecimal digits, up to 63 bits
 *   <li>{@code bool(ON,OFF)}: one of two texts
 *   <li>{@code text}
 * </ul>
 *
 * <p>Behind it, values that mean "none": {@code number!9999!----}; numbers among them count however
 * they are written.
 */
final class TextType {
  private static final Pattern FORM =
      Pattern.compile("(number|hex|bool|text)(?:\\(([^()]*)\\))?((?:![^!]+)*)");
  private static final Pattern RANGE =
      Pattern.compile("(-?[0-9]+(?:\\.[0-9]+)?) *\\.\\. *(-?[0-9]+(?:\\.[0-9]+)?)");
  private static final Pattern NUMBER =
      Pattern.compile(
          "[+-]? *(?:[0-9]{1,40}(?:\\.[0-9]{0,40})?|\\.[0-9]{1,40})(?:[eE][+-]?[0-9]{1,3})?");
  private static final int MAX_SHOWN = 40;

  private enum Kind {
    NUMBER,
    HEX,
    BOOL,
    TEXT
  }

  private record Range(BigDecimal least, BigDecimal most) {}

  private final Kind kind;
  private final @Nullable Range range;
  private final List<String> truths;
  private final List<String> marks;

  /** Of the marks those that are numbers: 9.9E37 is the same as +9.900000E+37. */
  private final List<BigDecimal> none;

  private final boolean decimalComma;

  private TextType(
      Kind kind,
      @Nullable Range range,
      List<String> truths,
      List<String> marks,
      boolean decimalComma) {
    this.kind = kind;
    this.range = range;
    this.truths = truths;
    this.marks = marks;
    this.none =
        kind != Kind.NUMBER
            ? List.of()
            : marks.stream().filter(m -> NUMBER.matcher(m).matches()).map(TextType::exact).toList();
    this.decimalComma = decimalComma;
  }

  /**
   * Reads a type as register maps write it.
   *
   * @throws IllegalArgumentException when it is none: expected and found
   */
  static TextType of(String text, boolean decimalComma) {
    Matcher form = FORM.matcher(text.strip());
    if (!form.matches()) {
      throw wrong(text, "expected number, number(LEAST..MOST), hex, bool(ON,OFF) or text");
    }
    Kind kind = Kind.valueOf(form.group(1).toUpperCase(Locale.ROOT));
    String argument = form.group(2);
    String tail = form.group(3);
    List<String> marks = tail.isEmpty() ? List.of() : List.of(tail.substring(1).split("!", -1));
    Range range = null;
    List<String> truths = List.of();
    if (kind == Kind.BOOL) {
      truths = argument == null ? List.of() : List.of(argument.split(" *, *", -1));
      if (truths.size() != 2 || truths.get(0).equals(truths.get(1))) {
        throw wrong(text, "expected two texts, the one for true first, such as bool(ON,OFF)");
      }
    } else if (argument != null) {
      range = range(text, kind, argument);
    }
    return new TextType(kind, range, truths, marks, decimalComma);
  }

  private static Range range(String text, Kind kind, String argument) {
    Matcher bounds = RANGE.matcher(argument.strip());
    if (kind == Kind.NUMBER && bounds.matches()) {
      Range range = new Range(new BigDecimal(bounds.group(1)), new BigDecimal(bounds.group(2)));
      if (range.least().compareTo(range.most()) <= 0) {
        return range;
      }
    }
    throw wrong(text, "expected the least and the greatest number, such as number(-40..85)");
  }

  private static IllegalArgumentException wrong(String text, String expected) {
    return new IllegalArgumentException("type '" + text + "': " + expected);
  }

  /** Delivers what a text means. Zero is a value; nothing is none. */
  void deliver(String found, int index, Sink sink) {
    String text = found.strip();
    if (marks.contains(text)) {
      none(text, index, sink);
    } else if (kind == Kind.TEXT) {
      sink.text(index, text);
    } else if (text.isEmpty()) {
      sink.bad(index, "the device gave no value: the field is empty");
    } else {
      switch (kind) {
        case HEX -> hex(text, index, sink);
        case BOOL -> bool(text, index, sink);
        default -> number(text, index, sink);
      }
    }
  }

  private static void none(String text, int index, Sink sink) {
    sink.bad(index, "the device gave '" + shown(text) + "', which means that it has no value");
  }

  private void bool(String text, int index, Sink sink) {
    int at = truths.indexOf(text);
    if (at < 0) {
      expected(truths.get(0) + " or " + truths.get(1), text, index, sink);
    } else {
      sink.bool(index, at == 0);
    }
  }

  private static void hex(String text, int index, Sink sink) {
    if (text.matches("[0-9a-fA-F]{1,15}")) {
      sink.integer(index, Long.parseLong(text, 16));
    } else {
      expected("1..15 hexadecimal digits", text, index, sink);
    }
  }

  private void number(String text, int index, Sink sink) {
    String plain =
        decimalComma ? text.replace(',', '\0').replace('.', ',').replace('\0', '.') : text;
    if (!NUMBER.matcher(plain).matches()) {
      expected(decimalComma ? "a number with a decimal comma" : "a number", text, index, sink);
      return;
    }
    BigDecimal value = exact(plain);
    if (none.stream().anyMatch(mark -> mark.compareTo(value) == 0)) {
      none(text, index, sink);
      return;
    }
    if (Double.isInfinite(value.doubleValue())) {
      expected("a number below 1.8E308", text, index, sink);
      return;
    }
    if (range != null
        && (value.compareTo(range.least()) < 0 || value.compareTo(range.most()) > 0)) {
      expected("a number of " + range.least() + ".." + range.most(), text, index, sink);
      return;
    }
    boolean whole = plain.indexOf('.') < 0 && plain.indexOf('e') < 0 && plain.indexOf('E') < 0;
    if (whole && value.toBigIntegerExact().bitLength() < Long.SIZE) {
      sink.integer(index, value.longValueExact());
    } else {
      sink.float64(index, value.doubleValue());
    }
  }

  private static BigDecimal exact(String number) {
    return new BigDecimal(number.replace(" ", ""));
  }

  private static void expected(String what, String found, int index, Sink sink) {
    sink.bad(index, "expected " + what + ", found '" + shown(found) + "'");
  }

  private static String shown(String text) {
    return text.length() <= MAX_SHOWN ? text : text.substring(0, MAX_SHOWN) + "...";
  }
}
