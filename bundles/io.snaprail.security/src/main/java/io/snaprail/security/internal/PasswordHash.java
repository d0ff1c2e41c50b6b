package io.snaprail.security.internal;

import java.util.Base64;

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
  static final int HASH_BYTES = 32;

  PasswordHash {
    if (!algorithm.equals(ALGORITHM) || iterations < 1) {
      throw new IllegalArgumentException(
          "expected " + ALGORITHM + " with 1 or more iterations, found " + algorithm);
    }
    require("salt", bytes(salt) > 0);
    require("hash", bytes(hash) == HASH_BYTES);
  }

  /** Checked here, once, and not when someone logs in. */
  private static void require(String what, boolean good) {
    if (!good) {
      throw new IllegalArgumentException("its " + what + " is cut off or no base64");
    }
  }

  private static int bytes(String base64) {
    try {
      return Base64.getDecoder().decode(base64).length;
    } catch (IllegalArgumentException notBase64) {
      // Its message would quote a part of the text.
      return 0;
    }
  }

  @Override
  public String toString() {
    return "PasswordHash[" + algorithm + ", " + iterations + " iterations]";
  }
}
