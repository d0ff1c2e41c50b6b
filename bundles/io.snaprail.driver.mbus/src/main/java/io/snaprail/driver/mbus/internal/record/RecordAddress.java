package io.snaprail.driver.mbus.internal.record;

import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * Which record a point is: {@code record:3}, or what it is, such as {@code energy storage=1
 * tariff=2}. What is not written is zero, the present value, and without extensions.
 *
 * @param text as it was written
 * @param fits whether a record is meant
 */
public record RecordAddress(String text, Predicate<DataRecord> fits) {
  private static final Set<String> KEYS =
      Set.of("function", "storage", "tariff", "subunit", "vife", "vib");
  private static final String NUMBERED = "record:";

  /**
   * Reads an address.
   *
   * @throws IllegalArgumentException when it is none: column, expected and found
   */
  public static RecordAddress parse(String address) {
    String text = address.strip().toLowerCase(Locale.ROOT);
    if (text.startsWith(NUMBERED)) {
      long number = number(address, text.substring(NUMBERED.length()), 9_999);
      return new RecordAddress(address, record -> record.number() == number);
    }
    String[] words = text.split("\\s+");
    if (!Meanings.QUANTITIES.contains(words[0])) {
      throw wrong(
          address,
          "record:NUMBER, header:FIELD, or a quantity of "
              + String.join(", ", Meanings.QUANTITIES));
    }
    Map<String, String> given = new TreeMap<>();
    for (String word : Arrays.copyOfRange(words, 1, words.length)) {
      int equals = word.indexOf('=');
      String key = word.substring(0, Math.max(0, equals));
      if (!KEYS.contains(key) || given.put(key, word.substring(equals + 1)) != null) {
        throw wrong(
            address,
            "behind the quantity only function=, storage=, tariff=, subunit=, vife= and"
                + " vib=, each once");
      }
    }
    return new RecordAddress(address, described(address, words[0], given));
  }

  private static Predicate<DataRecord> described(
      String address, String quantity, Map<String, String> given) {
    DataRecord.Function function = function(address, given.getOrDefault("function", "now"));
    long storage = number(address, given.getOrDefault("storage", "0"), Long.MAX_VALUE);
    long tariff = number(address, given.getOrDefault("tariff", "0"), Integer.MAX_VALUE);
    long subunit = number(address, given.getOrDefault("subunit", "0"), 1_023);
    String vib = hex(address, given.getOrDefault("vib", ""));
    String vife = hex(address, given.getOrDefault("vife", ""));
    // The whole value information tells its extensions too.
    boolean extended = vib.isEmpty();
    return record ->
        record.quantity().equals(quantity)
            && record.function() == function
            && record.storage() == storage
            && record.tariff() == tariff
            && record.subunit() == subunit
            && (extended ? record.vife().equals(vife) : record.information().equals(vib));
  }

  private static DataRecord.Function function(String address, String code) {
    for (DataRecord.Function function : DataRecord.Function.values()) {
      if (function.code().equals(code)) {
        return function;
      }
    }
    throw wrong(address, "function=now, max, min or error");
  }

  private static long number(String address, String digits, long most) {
    if (digits.matches("[0-9]{1,18}") && Long.parseLong(digits) <= most) {
      return Long.parseLong(digits);
    }
    throw wrong(address, "a number 0.." + most + " for '" + digits + "'");
  }

  private static String hex(String address, String digits) {
    if (!digits.matches("([0-9a-f]{2}){0,40}")) {
      throw wrong(address, "hexadecimal digits for '" + digits + "'");
    }
    return digits.toUpperCase(Locale.ROOT);
  }

  private static IllegalArgumentException wrong(String address, String expected) {
    return new IllegalArgumentException("address '" + address + "': expected " + expected);
  }
}
