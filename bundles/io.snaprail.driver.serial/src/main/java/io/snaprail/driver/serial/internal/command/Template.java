package io.snaprail.driver.serial.internal.command;

import io.snaprail.api.model.Value;
import io.snaprail.driver.serial.internal.checksum.Checksum;
import io.snaprail.driver.serial.internal.framing.Escapes;
import java.io.ByteArrayOutputStream;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.IllegalFormatException;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What is sent: text with {@code \x02} and the like, {@code ${unit}}, {@code ${value}} and {@code
 * ${checksum}}. Unit and value may have a format: {@code ${unit:%02d}}, {@code ${value:%07.2f}}, or
 * be bytes: {@code ${unit:uint8}}, {@code ${value:int16}}, {@code ${value:float32-little}}.
 */
public final class Template {
  private static final Pattern VARIABLE = Pattern.compile("\\$\\{([^}]*)}");
  private static final Pattern CONTENT = Pattern.compile("(unit|value|checksum)(?::(.*))?");
  private static final Pattern FORMAT =
      Pattern.compile("%([-+ 0]{0,3}[0-9]{0,2}(?:\\.[0-9]{1,2})?)([dxXfs])");
  private static final Pattern BINARY = Pattern.compile("(u?int(?:8|16|32)|float32)(-little)?");

  private enum Kind {
    LITERAL,
    UNIT,
    VALUE,
    CHECKSUM
  }

  /** A piece: bytes as they are, or what stands for others. */
  @SuppressWarnings("ArrayRecordComponent") // Never leaves this class.
  private record Part(Kind kind, byte[] bytes, String format) {}

  private final String key;
  private final List<Part> parts;
  private final @Nullable Checksum checksum;

  private Template(String key, List<Part> parts, @Nullable Checksum checksum) {
    this.key = key;
    this.parts = List.copyOf(parts);
    this.checksum = checksum;
  }

  /**
   * Reads a template.
   *
   * @param key of the setting, for messages
   * @param checksum of the device; null when it has none
   * @throws IllegalArgumentException naming the key, what was expected and what was found
   */
  public static Template parse(String key, String text, @Nullable Checksum checksum) {
    List<Part> parts = new ArrayList<>();
    Matcher variable = VARIABLE.matcher(text);
    int from = 0;
    while (variable.find()) {
      literal(key, text.substring(from, variable.start()), parts);
      Part part = variable(key, variable.group(1));
      if (part.kind() == Kind.CHECKSUM
          && (checksum == null || parts.stream().anyMatch(p -> p.kind() == Kind.CHECKSUM))) {
        throw new IllegalArgumentException(
            key
                + (checksum == null
                    ? ": ${checksum} needs the setting 'checksum', found none"
                    : ": expected ${checksum} once"));
      }
      parts.add(part);
      from = variable.end();
    }
    literal(key, text.substring(from), parts);
    return new Template(key, parts, checksum);
  }

  private static void literal(String key, String text, List<Part> parts) {
    if (!text.isEmpty()) {
      parts.add(new Part(Kind.LITERAL, Escapes.bytes(key, text), ""));
    }
  }

  private static Part variable(String key, String name) {
    Matcher content = CONTENT.matcher(name);
    String format = content.matches() && content.group(2) != null ? content.group(2) : "";
    boolean known =
        content.matches()
            && (format.isEmpty()
                || (!content.group(1).equals("checksum")
                    && (FORMAT.matcher(format).matches() || BINARY.matcher(format).matches())));
    if (!known) {
      throw new IllegalArgumentException(
          key
              + ": expected ${unit}, ${value} or ${checksum}, or a format such as ${value:%07.2f}"
              + " or ${value:uint16}, found '${"
              + name
              + "}'");
    }
    return new Part(Kind.valueOf(content.group(1).toUpperCase(Locale.ROOT)), new byte[0], format);
  }

  /** Whether it has a place for a value. */
  public boolean takesValue() {
    return parts.stream().anyMatch(p -> p.kind() == Kind.VALUE);
  }

  /**
   * The bytes to send.
   *
   * @param unit address of the device on its line
   * @param value what is written; null for a request
   * @throws IllegalArgumentException when unit or value do not fit their format
   */
  public byte[] bytes(String unit, @Nullable Value value) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    int checksumAt = -1;
    for (Part part : parts) {
      switch (part.kind()) {
        case LITERAL -> all.writeBytes(part.bytes());
        case UNIT -> all.writeBytes(formatted("unit", part.format(), new Value.Text(unit)));
        case VALUE -> all.writeBytes(formatted("value", part.format(), required(value)));
        case CHECKSUM -> {
          checksumAt = all.size();
          all.writeBytes(new byte[width()]);
        }
      }
    }
    byte[] bytes = all.toByteArray();
    return checksumAt < 0 || checksum == null ? bytes : checksum.into(bytes, checksumAt);
  }

  private int width() {
    return checksum == null ? 0 : checksum.width();
  }

  private Value required(@Nullable Value value) {
    if (value == null) {
      throw new IllegalArgumentException(key + ": ${value} is for commands that write, not here");
    }
    return value;
  }

  private byte[] formatted(String what, String format, Value value) {
    Matcher binary = BINARY.matcher(format);
    if (binary.matches()) {
      return binary(what, binary.group(1), binary.group(2) != null, value);
    }
    String text = format.isEmpty() ? value.text() : text(what, format, argument(format, value));
    if (text.chars().anyMatch(Character::isISOControl)) {
      // It would end the command, and what follows would be another.
      throw new IllegalArgumentException(
          "%s: expected a %s without control characters, found '%s'"
              .formatted(key, what, Escapes.shown(text.getBytes(StandardCharsets.UTF_8))));
    }
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private byte[] binary(String what, String type, boolean little, Value value) {
    int bits = Integer.parseInt(type.replaceAll("[a-z]", ""));
    long raw = type.equals("float32") ? floating(what, value) : whole(what, type, bits, value);
    byte[] bytes = new byte[bits / 8];
    for (int i = 0; i < bytes.length; i++) {
      bytes[little ? i : bytes.length - 1 - i] = (byte) (raw >> (8 * i));
    }
    return bytes;
  }

  private long whole(String what, String type, int bits, Value value) {
    boolean signed = type.startsWith("i");
    long least = signed ? -(1L << (bits - 1)) : 0;
    long most = signed ? (1L << (bits - 1)) - 1 : (1L << bits) - 1;
    if (argument("%d", value) instanceof BigInteger number
        && number.compareTo(BigInteger.valueOf(least)) >= 0
        && number.compareTo(BigInteger.valueOf(most)) <= 0) {
      return number.longValueExact();
    }
    throw new IllegalArgumentException(
        "%s: expected a whole number of %d..%d (%s) as %s, found '%s'"
            .formatted(key, least, most, type, what, value.text()));
  }

  private long floating(String what, Value value) {
    if (argument("%f", value) instanceof BigDecimal number && Float.isFinite(number.floatValue())) {
      return Float.floatToIntBits(number.floatValue());
    }
    throw new IllegalArgumentException(
        "%s: expected a number that a float32 can hold as %s, found '%s'"
            .formatted(key, what, value.text()));
  }

  private String text(String what, String format, Object argument) {
    try {
      return String.format(Locale.ROOT, format, argument);
    } catch (IllegalFormatException e) {
      throw new IllegalArgumentException(
          key + ": the format '" + format + "' does not fit the " + what + " '" + argument + "'",
          e);
    }
  }

  /** A whole number for %d and %x, a number for %f, a text for %s. */
  private static Object argument(String format, Value value) {
    char kind = format.charAt(format.length() - 1);
    if (kind == 's') {
      return value.text();
    }
    try {
      BigDecimal number =
          value instanceof Value.Bool bool
              ? (bool.value() ? BigDecimal.ONE : BigDecimal.ZERO)
              : new BigDecimal(value.text().strip());
      return kind == 'f' ? number : (Object) number.toBigIntegerExact();
    } catch (NumberFormatException | ArithmeticException e) {
      // The formatter then says that this argument does not fit.
      return value.text();
    }
  }
}
