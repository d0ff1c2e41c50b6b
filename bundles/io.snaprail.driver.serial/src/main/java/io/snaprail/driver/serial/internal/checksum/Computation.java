package io.snaprail.driver.serial.internal.checksum;

/**
 * How a checksum is computed: an algorithm, and where a device differs from it.
 *
 * @param initial what it starts with, as in the Rocksoft model (not reflected); key {@code
 *     checksum.init}
 * @param xorOut what the result is combined with; key {@code checksum.xor}
 */
public record Computation(Algorithm algorithm, long initial, long xorOut) {

  /** An algorithm as it is published. */
  public static Computation of(Algorithm algorithm) {
    return new Computation(algorithm, algorithm.initial(), algorithm.xorOut());
  }

  /**
   * Reads settings.
   *
   * @param initial hexadecimal digits; empty for the algorithm's own
   * @param xorOut likewise
   * @throws IllegalArgumentException naming the key, what was expected and what was found
   */
  public static Computation of(Algorithm algorithm, String initial, String xorOut) {
    return new Computation(
        algorithm,
        value("checksum.init", initial, algorithm, algorithm.initial()),
        value("checksum.xor", xorOut, algorithm, algorithm.xorOut()));
  }

  private static long value(String key, String text, Algorithm algorithm, long otherwise) {
    String digits = text.strip().replaceFirst("^0x", "");
    int most = (algorithm.bits() + 3) / 4;
    if (digits.isEmpty()) {
      return otherwise;
    }
    long value = digits.matches("[0-9a-fA-F]{1," + most + "}") ? Long.parseLong(digits, 16) : -1;
    if (value < 0 || value >> algorithm.bits() != 0) {
      throw new IllegalArgumentException(
          "%s: expected nothing, or up to %d hexadecimal digits (%d bits) with checksum %s; found '%s'"
              .formatted(key, most, algorithm.bits(), algorithm.code(), text));
    }
    return value;
  }

  /** The checksum of some bytes. */
  long of(byte[] bytes, int from, int to) {
    return algorithm.of(bytes, from, to, initial) ^ xorOut;
  }
}
