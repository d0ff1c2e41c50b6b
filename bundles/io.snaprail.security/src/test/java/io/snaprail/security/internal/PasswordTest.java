package io.snaprail.security.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PasswordTest {
  private final PasswordPolicy policy = new PasswordPolicy();
  private final PasswordHasher hasher = new PasswordHasher(new SecureRandom(), 1000);

  @ParameterizedTest
  @ValueSource(
      strings = {
        "short",
        "elevenchars",
        "password1234",
        "PassWord1234!",
        "Welcome-2026!!",
        "aaaaaaaaaaaaaaaa",
        "abcabcabcabcabc",
        "123456789012345",
        "987654321098",
        "abcdefghijklmnop",
        "qwertyuiop12",
        "my name is Anna!!",
      })
  void refusesWhatIsTriedFirst(String password) {
    assertThat(policy.objection("anna", password.toCharArray())).isPresent();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "zebra Kiesel 42 Moos",
        "twelve chars",
        "tvjqzxmhwplk",
        "пароль из слов и ещё",
      })
  void acceptsLongOnesOfAnyKind(String password) {
    assertThat(policy.objection("anna", password.toCharArray())).isEmpty();
  }

  // ASVS 5.0 6.2.9: at least 64 characters are accepted.
  @Test
  void acceptsFrom12To256Characters() {
    String long256 = "correct horse 7 ".repeat(16);
    assertThat(policy.objection("anna", long256.toCharArray())).isEmpty();
    assertThat(policy.objection("anna", (long256 + "x").toCharArray())).isPresent();
  }

  // RFC 7914 section 11: PBKDF2-HMAC-SHA-256 (P="passwd", S="salt", c=1), first 32 of 64 bytes.
  @Test
  void computesThePublishedTestVector() {
    byte[] expected =
        HexFormat.of().parseHex("55ac046e56e3089fec1691c22544b605f94185216dde0465e68b9d57c20dacbc");
    PasswordHash hash =
        new PasswordHash(
            PasswordHash.ALGORITHM,
            1,
            Base64.getEncoder().encodeToString("salt".getBytes(StandardCharsets.US_ASCII)),
            Base64.getEncoder().encodeToString(expected));
    assertThat(hasher.matches("passwd".toCharArray(), hash)).hasValue(true);
    assertThat(hasher.matches("passwe".toCharArray(), hash)).hasValue(false);
  }

  @Test
  void usesAFreshSaltOf16BytesEachTime() {
    PasswordHash one = hasher.hash("zebra Kiesel".toCharArray()).orElseThrow();
    PasswordHash two = hasher.hash("zebra Kiesel".toCharArray()).orElseThrow();
    assertThat(Base64.getDecoder().decode(one.salt())).hasSize(16);
    assertThat(one.salt()).isNotEqualTo(two.salt());
    assertThat(one.hash()).isNotEqualTo(two.hash());
    assertThat(one.toString()).doesNotContain(one.hash());
  }

  @Test
  void hashesWithTheIterationsThatWereMeasuredUnlessToldOtherwise() {
    assertThat(PasswordHasher.ITERATIONS).isGreaterThanOrEqualTo(600_000);
    assertThat(new PasswordHasher(new SecureRandom()).nobody().iterations())
        .isEqualTo(PasswordHasher.ITERATIONS);
  }

  @Test
  void nobodysHashFitsNothing() {
    assertThat(hasher.matches("".toCharArray(), hasher.nobody())).hasValue(false);
  }
}
