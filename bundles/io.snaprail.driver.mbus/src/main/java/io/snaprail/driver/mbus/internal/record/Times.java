package io.snaprail.driver.mbus.internal.record;

import io.snaprail.driver.mbus.internal.record.Content.None;
import io.snaprail.driver.mbus.internal.record.Content.Text;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;

/**
 * Dates and times (EN 13757-3, annex A: types F, G, I and J), as the meter's clock shows them: a
 * meter does not tell its zone.
 */
final class Times {
  /** Below it a year without a century is one of 2000 on (annex A, type F). */
  private static final int CENTURY = 81;

  private Times() {}

  static Content read(byte[] field) {
    int[] b = new int[field.length];
    for (int i = 0; i < b.length; i++) {
      b[i] = field[i] & 0xff;
    }
    try {
      return switch (b.length) {
        case 2 -> new Text(date(b[0], b[1], 0).toString());
        case 3 -> new Text(LocalTime.of(b[2] & 0x1f, b[1] & 0x3f, b[0] & 0x3f).toString());
        case 4 -> dateTime(b, 0, 0);
        case 6 -> dateTime(b, 1, b[0] & 0x3f);
        default -> new Content.Whole(Fields.number(field));
      };
    } catch (DateTimeException e) {
      return new None("the meter gives " + Fields.hex(field) + ", which is no date or time");
    }
  }

  private static Content dateTime(int[] b, int from, int second) {
    if ((b[from] & 0x80) != 0) {
      return new None("the meter says that its time is not valid");
    }
    LocalDate date = date(b[from + 2], b[from + 3], b.length == 4 ? b[from + 1] >> 5 & 0x03 : 0);
    return new Text(
        LocalDateTime.of(date, LocalTime.of(b[from + 1] & 0x1f, b[from] & 0x3f, second))
            .toString());
  }

  private static LocalDate date(int low, int high, int hundreds) {
    int year = low >> 5 | (high & 0xf0) >> 1;
    if (year > 99) {
      throw new DateTimeException("year " + year);
    }
    int century = hundreds == 0 && year < CENTURY ? 2000 : 1900 + 100 * hundreds;
    return LocalDate.of(century + year, high & 0x0f, low & 0x1f);
  }
}
