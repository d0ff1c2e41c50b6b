package io.snaprail.driver.modbus.internal.codec;

import io.snaprail.api.driver.Sink;
import io.snaprail.api.model.Value;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneRules;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A moment as a clock shows it, delivered as a text in UTC, see {@link Moments}. A clock that runs
 * on local time shows an hour twice a year and leaves one out: what it shows then is delivered as
 * bad, unless it says itself that it is summer time.
 */
record DateTimeCodec(String type, DateTimeLayout layout, ZoneId zone, RegisterOrder order)
    implements RegisterCodec {

  /** Types are written in either case, and the names of zones are not. */
  private static final class Zones {
    static final Map<String, String> NAMES =
        ZoneId.getAvailableZoneIds().stream()
            .collect(
                Collectors.toMap(z -> z.toLowerCase(Locale.ROOT), Function.identity(), Zones::a));

    private static String a(String one, String other) {
      return one.compareTo(other) < 0 ? one : other;
    }
  }

  /**
   * Makes one of what stands in parentheses.
   *
   * @param argument in lower case: a layout, or a layout, a comma and a zone
   * @throws IllegalArgumentException expected and found
   */
  static DateTimeCodec of(String argument, RegisterOrder order) {
    String[] parts = argument.split(",", 2);
    DateTimeLayout layout = DateTimeLayout.find(parts[0].trim());
    if (layout == null) {
      throw wrong(argument, "one of " + DateTimeLayout.choices());
    }
    if (parts.length == 1) {
      return new DateTimeCodec("datetime(" + layout.label() + ")", layout, ZoneId.of("UTC"), order);
    }
    ZoneId zone = zone(parts[1].trim());
    if (zone == null) {
      throw wrong(
          argument,
          "the zone of the device's clock, such as Europe/Berlin or +01:00, after the comma");
    }
    return new DateTimeCodec(
        "datetime(" + layout.label() + "," + zone.getId() + ")", layout, zone, order);
  }

  private static IllegalArgumentException wrong(String argument, String expected) {
    return new IllegalArgumentException("type 'datetime(" + argument + ")': expected " + expected);
  }

  private static @Nullable ZoneId zone(String text) {
    String name = Zones.NAMES.get(text);
    if (name != null) {
      return ZoneId.of(name);
    }
    boolean offset = text.matches("[+-]([01]\\d):?[0-5]\\d");
    return offset ? ZoneOffset.of(text) : null;
  }

  @Override
  public int width() {
    return layout.width();
  }

  @Override
  public void decode(int[] words, int offset, int index, Sink sink) {
    int[] own = new int[width()];
    for (int i = 0; i < own.length; i++) {
      own[i] = (int) order.join(words, offset + i, 1);
    }
    DateTimeLayout.Reading reading = layout.read(own);
    LocalDateTime local = reading.time();
    if (local == null) {
      sink.bad(index, "the device gave " + reading.wrong());
      return;
    }
    ZoneRules rules = zone.getRules();
    List<ZoneOffset> offsets =
        rules.getValidOffsets(local).stream()
            .filter(o -> !reading.summer() || rules.isDaylightSavings(local.toInstant(o)))
            .toList();
    if (offsets.size() == 1) {
      sink.text(index, layout.unit().text(local.toInstant(offsets.get(0))));
    } else {
      sink.bad(index, "the device gave " + local + ", " + trouble(local, reading.summer()));
    }
  }

  private String trouble(LocalDateTime local, boolean summer) {
    return switch (zone.getRules().getValidOffsets(local).size()) {
      case 0 -> "which no clock in " + zone + " shows, as it is put forward then";
      case 1 ->
          "which it says is summer time, and in "
              + zone
              + " it is not: is its zone right, as in datetime("
              + layout.label()
              + ",Europe/Berlin)?";
      default ->
          "which a clock in " + zone + " shows twice" + (summer ? "" : ", as it is put back then");
    };
  }

  /**
   * Takes a text. Two hours a year the same is written for two moments, as the clock shows them.
   */
  @Override
  public int[] encode(Value value) {
    Instant moment = layout.unit().parse(type, value);
    boolean summer = zone.getRules().isDaylightSavings(moment);
    int[] words = layout.write(LocalDateTime.ofInstant(moment, zone), summer);
    if (words == null) {
      throw new IllegalArgumentException(type + " cannot hold the year of " + value.text());
    }
    for (int i = 0; i < words.length; i++) {
      words[i] = order.split(words[i], 1)[0];
    }
    return words;
  }
}
