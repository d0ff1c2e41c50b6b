package io.snaprail.driver.mbus.internal.record;

import io.snaprail.driver.mbus.internal.link.MeterAddress.Secondary;
import java.util.Map;

/**
 * Who a meter is, from its secondary address (EN 13757-3, clauses 5.5 to 5.8).
 *
 * @param identification eight digits
 * @param manufacturer three letters
 * @param version of the meter, 0..255
 * @param medium what it measures, 0..255
 */
public record Identity(String identification, String manufacturer, int version, int medium) {
  private static final Map<Integer, String> MEDIA =
      Map.ofEntries(
          Map.entry(0x00, "other"),
          Map.entry(0x01, "oil"),
          Map.entry(0x02, "electricity"),
          Map.entry(0x03, "gas"),
          Map.entry(0x04, "heat (outlet)"),
          Map.entry(0x05, "steam"),
          Map.entry(0x06, "warm water"),
          Map.entry(0x07, "water"),
          Map.entry(0x08, "heat cost"),
          Map.entry(0x09, "compressed air"),
          Map.entry(0x0A, "cooling (outlet)"),
          Map.entry(0x0B, "cooling (inlet)"),
          Map.entry(0x0C, "heat (inlet)"),
          Map.entry(0x0D, "heat and cooling"),
          Map.entry(0x0E, "bus or system"),
          Map.entry(0x15, "hot water"),
          Map.entry(0x16, "cold water"),
          Map.entry(0x1A, "smoke"),
          Map.entry(0x1B, "room sensor"));

  /** Of a secondary address. */
  public static Identity of(Secondary address) {
    String digits = address.digits();
    int code = Integer.parseInt(digits.substring(8, 12), 16);
    String letters =
        ""
            + (char) ('@' + (code >> 10 & 0x1f))
            + (char) ('@' + (code >> 5 & 0x1f))
            + (char) ('@' + (code & 0x1f));
    return new Identity(
        digits.substring(0, 8),
        letters,
        Integer.parseInt(digits.substring(12, 14), 16),
        Integer.parseInt(digits.substring(14, 16), 16));
  }

  /** The medium in words. */
  public String mediumText() {
    return MEDIA.getOrDefault(medium, "medium %02X".formatted(medium));
  }
}
