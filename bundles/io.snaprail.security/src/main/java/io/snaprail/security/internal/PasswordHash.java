package io.snaprail.security.internal;

import java.util.Objects;

/**
 * A password as it is kept.
 *
 * @param algorithm {@value #ALGORITHM}
 * @param iterations of PBKDF2
 * @param salt 16 bytes, base64
 * @param hash 32 bytes, base64
 */
record PasswordHash(String algorithm, int iterations, String salt, String hash) {
  static final String ALGORITHM = "PBKDF2-HMAC-SHA256";

  PasswordHash {
    Objects.requireNonNull(salt, "salt");
    Objects.requireNonNull(hash, "hash");
    if (!algorithm.equals(ALGORITHM) || iterations < 1) {
      throw new IllegalArgumentException(
          "expected " + ALGORITHM + " with 1 or more iterations, found " + algorithm);
    }
  }

  @Override
  public String toString() {
    return "PasswordHash[" + algorithm + ", " + iterations + " iterations]";
  }
}
