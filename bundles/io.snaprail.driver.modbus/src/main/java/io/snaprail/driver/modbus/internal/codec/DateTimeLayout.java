package io.snaprail.driver.modbus.internal.codec;

import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * How date and time stand in registers. Years below 100 are those of 2000 on.
 *
 * <ul>
 *   <li>{@code ymdhms}: year, month, day, hour, minute, second, a register each
 *   <li>{@code ymdhms-bcd}: the same in decimal digits: 0x2026 is the year 2026
 *   <li>{@code ymdhms-packed}: the same in a byte each, three registers, the first in the high byte
 *   <li>{@code ymdhms-packed-bcd}: that in decimal digits
 *   <li>{@code ti081}: four registers as Schneider Electric and others have them (their TI081
 *       format, from CP56Time2a of IEC 60870-5-4): year; month, day; hour, minute; milliseconds
 * </ul>
 */
enum DateTimeLayout {
  PLAIN("ymdhms", 6, false, 9999),
  BCD("ymdhms-bcd", 6, true, 9999),
  PACKED("ymdhms-packed", 3, false, 2099),
  PACKED_BCD("ymdhms-packed-bcd", 3, true, 2099),
  TI081("ti081", 4, false, 2127);

  private static final int FIELDS = 6;
  private static final int CENTURY = 2000;
  private static final int EARLIEST = 1970;
  private static final int SUMMER = 0x8000;
  private static final int INVALID = 0x80;
  private static final int NANOS_PER_MILLI = 1_000_000;

  private final String label;
  private final int width;
  private final boolean digits;
  private final int lastYear;

  DateTimeLayout(String label, int width, boolean digits, int lastYear) {
    this.label = label;
    this.width = width;
    this.digits = digits;
    this.lastYear = lastYear;
  }

  /**
   * What a clock shows.
   *
   * @param wrong why it shows no time; null when it does
   * @param summer whether it says that it shows summer time
   */
  record Reading(@Nullable LocalDateTime time, @Nullable String wrong, boolean summer) {
    static Reading wrong(String why) {
      return new Reading(null, why, false);
    }
  }

  static @Nullable DateTimeLayout find(String label) {
    for (DateTimeLayout layout : values()) {
      if (layout.label.equals(label)) {
        return layout;
      }
    }
    return null;
  }

  static String choices() {
    return Arrays.stream(values()).map(layout -> layout.label).collect(Collectors.joining(", "));
  }

  String label() {
    return label;
  }

  /** In registers. */
  int width() {
    return width;
  }

  /** How fine it tells time. */
  Moments unit() {
    return this == TI081 ? Moments.MILLIS : Moments.SECONDS;
  }

  /**
   * Reads a clock.
   *
   * @param words as many as {@link #width()}, 0..65535
   */
  Reading read(int[] words) {
    if (this == TI081) {
      return ti081(words);
    }
    int[] fields = new int[FIELDS];
    for (int i = 0; i < FIELDS; i++) {
      int raw = width == FIELDS ? words[i] : words[i / 2] >> (i % 2 == 0 ? 8 : 0) & 0xff;
      int number = digits ? number(raw) : raw;
      if (number < 0) {
        return Reading.wrong(hex(words) + ", whose digits are not all decimal");
      }
      fields[i] = number;
    }
    if (fields[0] < 100) {
      fields[0] += CENTURY;
    }
    return reading(fields, 0, false);
  }

  /** IEC 60870-5-4 6.8 in the order of TI081; the day of the week tells nothing new. */
  private Reading ti081(int[] words) {
    if ((words[2] & INVALID) != 0) {
      return Reading.wrong(hex(words) + ", which it says itself to be not valid (bit IV)");
    }
    int[] fields = {
      CENTURY + (words[0] & 0x7f),
      words[1] >> 8 & 0xf,
      words[1] & 0x1f,
      words[2] >> 8 & 0x1f,
      words[2] & 0x3f,
      words[3] / 1000
    };
    return reading(fields, words[3] % 1000, (words[2] & SUMMER) != 0);
  }

  private Reading reading(int[] f, int millis, boolean summer) {
    try {
      if (f[0] >= EARLIEST && f[0] <= lastYear) {
        return new Reading(
            LocalDateTime.of(f[0], f[1], f[2], f[3], f[4], f[5], millis * NANOS_PER_MILLI),
            null,
            summer);
      }
    } catch (DateTimeException e) {
      // Told below, with all that was found.
      return noTime(f);
    }
    return noTime(f);
  }

  private static Reading noTime(int[] f) {
    return Reading.wrong(
        String.format(
            Locale.ROOT,
            "year %d, month %d, day %d, %02d:%02d:%02d, which is no date and time",
            f[0],
            f[1],
            f[2],
            f[3],
            f[4],
            f[5]));
  }

  /**
   * Sets a clock.
   *
   * @return null when the year does not fit
   */
  int @Nullable [] write(LocalDateTime time, boolean summer) {
    boolean narrow = width != FIELDS;
    if (time.getYear() > lastYear || time.getYear() < (narrow ? CENTURY : EARLIEST)) {
      return null;
    }
    if (this == TI081) {
      return new int[] {
        time.getYear() - CENTURY,
        time.getMonthValue() << 8 | time.getDayOfMonth(),
        time.getHour() << 8 | time.getMinute() | (summer ? SUMMER : 0),
        1000 * time.getSecond() + time.getNano() / NANOS_PER_MILLI
      };
    }
    int[] fields = {
      narrow ? time.getYear() - CENTURY : time.getYear(),
      time.getMonthValue(),
      time.getDayOfMonth(),
      time.getHour(),
      time.getMinute(),
      time.getSecond()
    };
    int[] words = new int[width];
    for (int i = 0; i < FIELDS; i++) {
      int raw = digits ? Integer.parseInt(Integer.toString(fields[i]), 16) : fields[i];
      if (narrow) {
        words[i / 2] |= raw << (i % 2 == 0 ? 8 : 0);
      } else {
        words[i] = raw;
      }
    }
    return words;
  }

  /** The number that decimal digits make; -1 when one is none. */
  private static int number(int bcd) {
    int number = 0;
    for (int shift = 12; shift >= 0; shift -= 4) {
      int digit = bcd >> shift & 0xf;
      if (digit > 9) {
        return -1;
      }
      number = 10 * number + digit;
    }
    return number;
  }

  private static String hex(int[] words) {
    return Arrays.stream(words)
        .mapToObj(word -> String.format(Locale.ROOT, "%04X", word))
        .collect(Collectors.joining(" ", "0x", ""));
  }
}
