package io.snaprail.driver.mbus.internal.record;

import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One value of a meter (EN 13757-3, clause 6.3).
 *
 * @param number place in the meter's answer, from 0
 * @param function which of its values it is
 * @param storage 0 for the present value, else of a stored one
 * @param tariff 0 for all tariffs together
 * @param subunit part of the meter
 * @param meaning quantity, unit and factor
 * @param extensions codes that say more of the value and do not only scale it, 0..0x7F
 * @param information the value information in hexadecimal
 * @param content the value before scaling
 */
public record DataRecord(
    int number,
    Function function,
    long storage,
    int tariff,
    int subunit,
    Meaning meaning,
    List<Integer> extensions,
    String information,
    Content content) {

  /** Which value of a quantity it is (clause 6.3.3). */
  public enum Function {
    /** The present value. */
    INSTANTANEOUS("now"),
    /** The highest. */
    MAXIMUM("max"),
    /** The lowest. */
    MINIMUM("min"),
    /** The value while something was wrong. */
    ERROR("error");

    private final String code;

    Function(String code) {
      this.code = code;
    }

    /** The form in addresses. */
    public String code() {
      return code;
    }
  }

  /** Copies the list. */
  public DataRecord {
    extensions = List.copyOf(extensions);
  }

  /** Its quantity, in lower case with hyphens. */
  public String quantity() {
    return meaning.quantity();
  }

  /** The unit of {@link #scaled()}; may be empty. */
  public String unit() {
    return meaning.unit();
  }

  /** Whether its value is whole in its unit, whatever it is. */
  public boolean whole() {
    return content instanceof Content.Whole && meaning.factor().stripTrailingZeros().scale() <= 0;
  }

  /** The number in its unit; null when it is none. */
  public @Nullable BigDecimal scaled() {
    if (content instanceof Content.Whole whole) {
      return BigDecimal.valueOf(whole.value()).multiply(meaning.factor());
    }
    if (content instanceof Content.Real real && Float.isFinite(real.value())) {
      return new BigDecimal(Float.toString(real.value())).multiply(meaning.factor());
    }
    return null;
  }

  /** The value for people. */
  public String text() {
    BigDecimal scaled = scaled();
    if (scaled != null) {
      return scaled.toPlainString();
    }
    if (content instanceof Content.Text text) {
      return text.value();
    }
    return content instanceof Content.None none ? "(" + none.reason() + ")" : "(not a number)";
  }

  /** The shortest address that describes it; others may have the same. */
  public String address() {
    StringBuilder address = new StringBuilder(quantity());
    if (function != Function.INSTANTANEOUS) {
      address.append(" function=").append(function.code());
    }
    appendUnlessZero(address, " storage=", storage);
    appendUnlessZero(address, " tariff=", tariff);
    appendUnlessZero(address, " subunit=", subunit);
    if (!extensions.isEmpty()) {
      address.append(" vife=").append(vife());
    }
    return address.toString();
  }

  private static void appendUnlessZero(StringBuilder to, String key, long value) {
    if (value != 0) {
      to.append(key).append(value);
    }
  }

  /** The extensions in hexadecimal. */
  public String vife() {
    StringBuilder hex = new StringBuilder();
    extensions.forEach(code -> hex.append(String.format(Locale.ROOT, "%02X", code)));
    return hex.toString();
  }
}
