package io.snaprail.localiot.internal.limits;

/**
 * How close the endpoint keeps to AWS IoT Core. What clients may do, the form of every answer and
 * the sizes are the same in both ways; lenient leaves out what only slows work down: the server
 * name in TLS, rates, waiting times.
 *
 * @param strict whether it keeps to all of it
 * @param unauthorizedCode CONNACK code for clients that may not connect: 5 as most clients expect,
 *     or 7 as AWS documents
 */
public record Rules(boolean strict, int unauthorizedCode) {

  /** Checks the code; the message names the configuration's key. */
  public Rules {
    if (unauthorizedCode != 5 && unauthorizedCode != 7) {
      throw new IllegalArgumentException(
          "connack.unauthorized: expected 5 or 7, found '" + unauthorizedCode + "'");
    }
  }

  /**
   * As configured.
   *
   * @param rules {@code strict} or {@code lenient}
   */
  public static Rules of(String rules, int unauthorizedCode) {
    return switch (rules) {
      case "strict" -> new Rules(true, unauthorizedCode);
      case "lenient" -> new Rules(false, unauthorizedCode);
      default ->
          throw new IllegalArgumentException(
              "rules: expected 'strict' or 'lenient', found '" + rules + "'");
    };
  }
}
