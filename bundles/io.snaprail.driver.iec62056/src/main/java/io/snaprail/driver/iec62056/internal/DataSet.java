package io.snaprail.driver.iec62056.internal;

import java.util.ArrayList;
import java.util.List;

/**
 * One line of a readout, such as {@code 1.8.0(0012345.6*kWh)} (IEC 62056-21, clause 6.4.4).
 *
 * @param code as the meter sends it; empty for what only goes on
 * @param values in their order
 */
public record DataSet(String code, List<Item> values) {
  private static final int MOST = 10_000;

  /**
   * A value.
   *
   * @param unit may be empty
   */
  public record Item(String value, String unit) {}

  /** Copies the list. */
  public DataSet {
    values = List.copyOf(values);
  }

  /**
   * Reads a block.
   *
   * @param block what stands before {@code !}
   * @throws BadReadoutException when it is none
   */
  public static List<DataSet> all(String block) throws BadReadoutException {
    List<DataSet> sets = new ArrayList<>();
    StringBuilder code = new StringBuilder();
    int place = 0;
    while (place < block.length()) {
      char next = block.charAt(place);
      if (next == '(') {
        place = values(block, place, code.toString(), sets);
        code.setLength(0);
      } else {
        if (next == ')' || (next < ' ' && next != '\r' && next != '\n')) {
          throw new BadReadoutException(
              "expected a code and values in brackets, found 0x%02x at character %d"
                  .formatted((int) next, place + 1));
        }
        if (next == '\r' || next == '\n') {
          code.setLength(0);
        } else {
          code.append(next);
        }
        place++;
      }
    }
    return sets;
  }

  /** Reads what stands in brackets from here on; the place behind it. */
  private static int values(String block, int from, String code, List<DataSet> sets)
      throws BadReadoutException {
    List<Item> values = new ArrayList<>();
    int place = from;
    while (place < block.length() && block.charAt(place) == '(') {
      int end = block.indexOf(')', place);
      String content = end < 0 ? "" : block.substring(place + 1, end);
      if (end < 0 || content.indexOf('(') >= 0 || content.chars().anyMatch(c -> c < ' ')) {
        throw new BadReadoutException(
            "expected ')' for the '(' at character " + (place + 1) + ", code '" + code + "'");
      }
      int star = content.indexOf('*');
      values.add(
          star < 0
              ? new Item(content.strip(), "")
              : new Item(content.substring(0, star).strip(), content.substring(star + 1).strip()));
      place = end + 1;
    }
    if (sets.size() == MOST) {
      throw new BadReadoutException("expected at most " + MOST + " data sets, found more");
    }
    sets.add(new DataSet(code.strip(), values));
    return place;
  }

  /** Whether it is meant: as it is sent, or without medium, channel and the present storage. */
  boolean fits(String wanted) {
    return code.equalsIgnoreCase(wanted) || bare(code).equalsIgnoreCase(wanted);
  }

  private static String bare(String code) {
    String bare = code.substring(code.indexOf(':') + 1);
    return bare.endsWith("*255") ? bare.substring(0, bare.length() - 4) : bare;
  }
}
