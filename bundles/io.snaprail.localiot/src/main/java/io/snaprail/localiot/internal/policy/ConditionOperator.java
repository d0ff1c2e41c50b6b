package io.snaprail.localiot.internal.policy;

import io.netty.util.NetUtil;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.Optional;
import java.util.function.BiPredicate;

/**
 * What a condition compares by (IAM user guide, "IAM JSON policy elements: Condition operators").
 * The other half of a pair is negated: it holds when no value matches.
 */
enum ConditionOperator {
  STRING_EQUALS("StringEquals", false, String::equals),
  STRING_NOT_EQUALS("StringNotEquals", true, String::equals),
  STRING_EQUALS_IGNORE_CASE("StringEqualsIgnoreCase", false, String::equalsIgnoreCase),
  STRING_NOT_EQUALS_IGNORE_CASE("StringNotEqualsIgnoreCase", true, String::equalsIgnoreCase),
  STRING_LIKE("StringLike", false),
  STRING_NOT_LIKE("StringNotLike", true),
  ARN_EQUALS("ArnEquals", false),
  ARN_LIKE("ArnLike", false),
  ARN_NOT_EQUALS("ArnNotEquals", true),
  ARN_NOT_LIKE("ArnNotLike", true),
  NUMERIC_EQUALS("NumericEquals", false, (found, set) -> numbers(found, set, 0, 0)),
  NUMERIC_NOT_EQUALS("NumericNotEquals", true, (found, set) -> numbers(found, set, 0, 0)),
  NUMERIC_LESS_THAN("NumericLessThan", false, (found, set) -> numbers(found, set, -1, -1)),
  NUMERIC_LESS_THAN_EQUALS(
      "NumericLessThanEquals", false, (found, set) -> numbers(found, set, -1, 0)),
  NUMERIC_GREATER_THAN("NumericGreaterThan", false, (found, set) -> numbers(found, set, 1, 1)),
  NUMERIC_GREATER_THAN_EQUALS(
      "NumericGreaterThanEquals", false, (found, set) -> numbers(found, set, 0, 1)),
  DATE_EQUALS("DateEquals", false, (found, set) -> dates(found, set, 0, 0)),
  DATE_NOT_EQUALS("DateNotEquals", true, (found, set) -> dates(found, set, 0, 0)),
  DATE_LESS_THAN("DateLessThan", false, (found, set) -> dates(found, set, -1, -1)),
  DATE_LESS_THAN_EQUALS("DateLessThanEquals", false, (found, set) -> dates(found, set, -1, 0)),
  DATE_GREATER_THAN("DateGreaterThan", false, (found, set) -> dates(found, set, 1, 1)),
  DATE_GREATER_THAN_EQUALS("DateGreaterThanEquals", false, (found, set) -> dates(found, set, 0, 1)),
  BOOL("Bool", false, String::equalsIgnoreCase),
  BINARY_EQUALS("BinaryEquals", false, String::equals),
  IP_ADDRESS("IpAddress", false, ConditionOperator::inNetwork),
  NOT_IP_ADDRESS("NotIpAddress", true, ConditionOperator::inNetwork),
  NULL("Null", false, String::equalsIgnoreCase);

  private final String text;
  private final boolean negated;

  @SuppressWarnings("ImmutableEnumChecker") // Pure functions, which cannot say that they are.
  private final Optional<BiPredicate<String, String>> comparison;

  ConditionOperator(String text, boolean negated, BiPredicate<String, String> comparison) {
    this.text = text;
    this.negated = negated;
    this.comparison = Optional.of(comparison);
  }

  ConditionOperator(String text, boolean negated) {
    this.text = text;
    this.negated = negated;
    this.comparison = Optional.empty();
  }

  /** The operator of a name; case does not matter. */
  static Optional<ConditionOperator> of(String name) {
    for (ConditionOperator operator : values()) {
      if (operator.text.toLowerCase(Locale.ROOT).equals(name.toLowerCase(Locale.ROOT))) {
        return Optional.of(operator);
      }
    }
    return Optional.empty();
  }

  String text() {
    return text;
  }

  boolean negated() {
    return negated;
  }

  /** Whether a value that was found is what the policy names, negation left out. */
  boolean matches(String found, WildcardPattern named, Variables variables) {
    if (comparison.isPresent()) {
      BiPredicate<String, String> test = comparison.get();
      return named.literal(variables).filter(set -> test.test(found, set)).isPresent();
    }
    boolean arn = text.startsWith("Arn");
    return arn ? named.matchesArn(found, variables) : named.matches(found, variables);
  }

  private static boolean numbers(String found, String set, int least, int most) {
    try {
      return within(new BigDecimal(found).compareTo(new BigDecimal(set)), least, most);
    } catch (NumberFormatException noNumber) {
      return false;
    }
  }

  private static boolean dates(String found, String set, int least, int most) {
    try {
      return within(date(found).compareTo(date(set)), least, most);
    } catch (DateTimeParseException noDate) {
      return false;
    }
  }

  private static boolean within(int comparison, int least, int most) {
    int sign = Integer.signum(comparison);
    return sign >= least && sign <= most;
  }

  /** ISO 8601, or seconds since 1970. */
  private static Instant date(String text) {
    return text.matches("[0-9]{1,11}")
        ? Instant.ofEpochSecond(Long.parseLong(text))
        : OffsetDateTime.parse(text).toInstant();
  }

  /** Whether an address is the other one, or in its network (RFC 4632). */
  private static boolean inNetwork(String found, String set) {
    int slash = set.indexOf('/');
    byte[] network =
        NetUtil.createByteArrayFromIpAddressString(slash < 0 ? set : set.substring(0, slash));
    byte[] address = NetUtil.createByteArrayFromIpAddressString(found);
    if (network == null || address == null || network.length != address.length) {
      return false;
    }
    int bits = network.length * 8;
    if (slash >= 0) {
      String length = set.substring(slash + 1);
      if (!length.matches("[0-9]{1,3}") || Integer.parseInt(length) > bits) {
        return false;
      }
      bits = Integer.parseInt(length);
    }
    for (int i = 0; i < bits; i++) {
      int mask = 0x80 >> (i % 8);
      if ((network[i / 8] & mask) != (address[i / 8] & mask)) {
        return false;
      }
    }
    return true;
  }
}
