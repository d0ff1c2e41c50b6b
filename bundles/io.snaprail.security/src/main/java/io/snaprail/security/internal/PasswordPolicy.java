package io.snaprail.security.internal;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What a password must be: 12 to 256 characters of any kind, and none that is tried first: a common
 * one, a run of the keyboard, a short piece repeated, the account's own name (NIST SP 800-63B
 * 5.1.1.2; no rules of composition).
 */
final class PasswordPolicy {
  static final int MIN = 12;
  static final int MAX = 256;

  private static final int LONGEST_REPEATED = 4;
  private static final String LIST = "common-passwords.txt";

  private final Set<CharBuffer> common;

  PasswordPolicy() {
    try (InputStream stream = PasswordPolicy.class.getResourceAsStream(LIST)) {
      BufferedReader reader =
          new BufferedReader(
              new InputStreamReader(
                  Objects.requireNonNull(stream, LIST), StandardCharsets.US_ASCII));
      common =
          reader
              .lines()
              .filter(line -> !line.isBlank() && !line.startsWith("#"))
              .map(CharBuffer::wrap)
              .collect(Collectors.toUnmodifiableSet());
    } catch (IOException broken) {
      throw new UncheckedIOException("The bundle's own list of common passwords", broken);
    }
  }

  /** What is wrong with a password, in words for the person who chose it. */
  Optional<String> objection(String account, char[] password) {
    if (password.length < MIN) {
      return Optional.of("The password needs at least " + MIN + " characters.");
    }
    if (password.length > MAX) {
      return Optional.of("The password may have at most " + MAX + " characters.");
    }
    char[] lower = new char[password.length];
    for (int i = 0; i < lower.length; i++) {
      lower[i] = Character.toLowerCase(password[i]);
    }
    try {
      if (isCommon(lower) || repeats(lower) || runs(lower)) {
        return Optional.of("This password is among the first that are tried. Choose another.");
      }
      if (contains(lower, account)) {
        return Optional.of("The password must not contain the name of the account.");
      }
      return Optional.empty();
    } finally {
      Arrays.fill(lower, '\0');
    }
  }

  /** Whether it is in the list, as it is or without digits and signs at its end. */
  private boolean isCommon(char[] lower) {
    int end = lower.length;
    if (common.contains(CharBuffer.wrap(lower))) {
      return true;
    }
    while (end > 0 && !Character.isLetter(lower[end - 1])) {
      end--;
    }
    return end > 0 && common.contains(CharBuffer.wrap(lower, 0, end));
  }

  private static boolean repeats(char[] lower) {
    for (int length = 1; length <= LONGEST_REPEATED; length++) {
      boolean repeated = true;
      for (int i = length; i < lower.length && repeated; i++) {
        repeated = lower[i] == lower[i - length];
      }
      if (repeated) {
        return true;
      }
    }
    return false;
  }

  /** Whether it counts up or down, such as 123456789012 or abcdefghijkl. */
  private static boolean runs(char[] lower) {
    int up = 0;
    int down = 0;
    for (int i = 1; i < lower.length; i++) {
      int step = lower[i] - lower[i - 1];
      // From 9 on to 0 and back: the digits are a ring to people.
      up += step == 1 || step == -9 ? 1 : 0;
      down += step == -1 || step == 9 ? 1 : 0;
    }
    return up == lower.length - 1 || down == lower.length - 1;
  }

  private static boolean contains(char[] lower, String account) {
    // A name of one or two letters is in too many good passwords.
    if (account.length() < 3 || account.length() > lower.length) {
      return false;
    }
    for (int start = 0; start <= lower.length - account.length(); start++) {
      int i = 0;
      while (i < account.length() && lower[start + i] == Character.toLowerCase(account.charAt(i))) {
        i++;
      }
      if (i == account.length()) {
        return true;
      }
    }
    return false;
  }
}
