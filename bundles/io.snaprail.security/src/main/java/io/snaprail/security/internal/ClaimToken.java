package io.snaprail.security.internal;

import io.snaprail.api.file.AtomicFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Locale;
import java.util.function.LongSupplier;

/**
 * The token that claims the gateway: 130 random bits in a file of mode 0600, which only someone on
 * the gateway can read. It is valid for 30 minutes on the monotonic clock and once; memory keeps
 * its hash only. Safe for any thread.
 */
final class ClaimToken {
  static final Duration VALIDITY = Duration.ofMinutes(30);

  /** Crockford's base 32 in lower case: nothing looks like something else. */
  private static final String ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz";

  private static final int CHARACTERS = 26;
  private static final int GROUP = 5;

  private final Path file;
  private final SecureRandom random;
  private final LongSupplier nanoTime;
  private byte[] hash = {};
  private long made;

  ClaimToken(Path file, SecureRandom random, LongSupplier nanoTime) {
    this.file = file;
    this.random = random;
    this.nanoTime = nanoTime;
  }

  Path file() {
    return file;
  }

  /** Makes a new token; the one before is invalid from now on. */
  synchronized void renew() throws IOException {
    hash = new byte[0];
    StringBuilder token = new StringBuilder();
    for (int i = 0; i < CHARACTERS; i++) {
      if (i > 0 && i % GROUP == 0 && i < CHARACTERS - 1) {
        token.append('-');
      }
      token.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
    }
    AtomicFile.write(file, (token + "\n").getBytes(StandardCharsets.US_ASCII), AtomicFile.PRIVATE);
    hash = sha256(token.toString());
    made = nanoTime.getAsLong();
  }

  /** Whether this is the token; blanks, dashes and case do not matter. */
  synchronized boolean matches(String token) {
    boolean current = hash.length > 0 && nanoTime.getAsLong() - made < VALIDITY.toNanos();
    return MessageDigest.isEqual(hash, sha256(token)) && current;
  }

  /** Makes the token invalid and removes its file. */
  synchronized void remove() throws IOException {
    hash = new byte[0];
    AtomicFile.delete(file);
  }

  private static byte[] sha256(String token) {
    String plain = token.toLowerCase(Locale.ROOT).replaceAll("[\\s-]", "");
    try {
      return MessageDigest.getInstance("SHA-256").digest(plain.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("Every JDK has SHA-256", impossible);
    }
  }

  @Override
  public String toString() {
    return "ClaimToken[" + file + "]";
  }
}
