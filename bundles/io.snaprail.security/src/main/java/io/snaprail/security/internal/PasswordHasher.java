package io.snaprail.security.internal;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/**
 * Hashes passwords with PBKDF2-HMAC-SHA256 (RFC 8018), slowly on purpose: about half a second of
 * one core. At most two at once, so that a flood of logins leaves the cores to the field.
 */
final class PasswordHasher {
  /** OWASP Password Storage Cheat Sheet, PBKDF2-HMAC-SHA256. */
  static final int ITERATIONS = 600_000;

  private static final int SALT_BYTES = 16;
  private static final int HASH_BYTES = PasswordHash.HASH_BYTES;
  private static final int AT_ONCE = 2;
  private static final long WAIT_SECONDS = 10;

  private final int iterations;
  private final SecureRandom random;
  private final Semaphore permits = new Semaphore(AT_ONCE, true);
  private final PasswordHash nobody;

  PasswordHasher(SecureRandom random) {
    this(random, ITERATIONS);
  }

  PasswordHasher(SecureRandom random, int iterations) {
    this.random = random;
    this.iterations = iterations;
    this.nobody =
        new PasswordHash(
            PasswordHash.ALGORITHM, iterations, randomBytes(SALT_BYTES), randomBytes(HASH_BYTES));
  }

  /** Hashes a new password with a fresh salt; empty when two others kept it waiting for 10 s. */
  Optional<PasswordHash> hash(char[] password) {
    String salt = randomBytes(SALT_BYTES);
    return derive(password, salt, iterations)
        .map(
            hash ->
                new PasswordHash(
                    PasswordHash.ALGORITHM,
                    iterations,
                    salt,
                    Base64.getEncoder().encodeToString(hash)));
  }

  /**
   * Compares a password, in the same time whether it is right or wrong; empty when two others kept
   * it waiting for 10 s.
   */
  Optional<Boolean> matches(char[] password, PasswordHash expected) {
    return derive(password, expected.salt(), expected.iterations())
        .map(hash -> MessageDigest.isEqual(hash, Base64.getDecoder().decode(expected.hash())));
  }

  /** What to compare with when there is no such account: takes as long and never fits. */
  PasswordHash nobody() {
    return nobody;
  }

  private Optional<byte[]> derive(char[] password, String salt, int rounds) {
    byte[] saltBytes = Base64.getDecoder().decode(salt);
    try {
      if (!permits.tryAcquire(WAIT_SECONDS, TimeUnit.SECONDS)) {
        return Optional.empty();
      }
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
    try {
      return Optional.of(derive(new PBEKeySpec(password, saltBytes, rounds, HASH_BYTES * 8)));
    } finally {
      permits.release();
    }
  }

  private static byte[] derive(PBEKeySpec spec) {
    try {
      SecretKeyFactory factory = SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256");
      return factory.generateSecret(spec).getEncoded();
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException("This JDK cannot do PBKDF2 with SHA-256", impossible);
    } finally {
      spec.clearPassword();
    }
  }

  private String randomBytes(int count) {
    byte[] bytes = new byte[count];
    random.nextBytes(bytes);
    String text = Base64.getEncoder().encodeToString(bytes);
    Arrays.fill(bytes, (byte) 0);
    return text;
  }
}
