package io.snaprail.security.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.snaprail.api.audit.AuditEvent;
import io.snaprail.api.audit.AuditEvent.Action;
import io.snaprail.api.security.LoginResult;
import io.snaprail.api.security.LoginResult.Refused;
import io.snaprail.api.security.LoginResult.Success;
import io.snaprail.api.security.Principal;
import io.snaprail.api.security.Role;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalAccountsTest {
  private static final String PASSWORD = "zebra Kiesel 42 Moos";
  private static final String HERE = "127.0.0.1";

  @TempDir Path data;
  private final RecordingAudit audit = new RecordingAudit();
  private final ManualNanos time = new ManualNanos();
  private final List<LocalAccounts> opened = new ArrayList<>();

  private LocalAccounts open() throws IOException {
    LocalAccounts accounts = new LocalAccounts(data, audit, Clock.systemUTC(), time, 1000);
    opened.add(accounts);
    return accounts;
  }

  @AfterEach
  void close() throws InterruptedException {
    for (LocalAccounts accounts : opened) {
      accounts.close();
    }
  }

  private String token() throws IOException {
    return Files.readString(data.resolve("claim-token")).strip();
  }

  private LocalAccounts claimed() throws IOException {
    LocalAccounts accounts = open();
    assertThat(accounts.claim(token(), "anna", PASSWORD.toCharArray(), HERE))
        .isInstanceOf(Success.class);
    return accounts;
  }

  private static LoginResult login(LocalAccounts accounts, String name, String password) {
    return accounts.login(name, password.toCharArray(), HERE);
  }

  // facts/security.md: no account at first start; a token of >=128 bits, mode 0600.
  @Test
  void isUnclaimedAtFirstAndShowsATokenToTheGatewaysOwnUserOnly() throws IOException {
    LocalAccounts accounts = open();
    assertThat(accounts.claimed()).isFalse();
    assertThat(token().replace("-", "")).matches("[0-9a-hjkmnp-tv-z]{26}");
    assertThat(
            PosixFilePermissions.toString(
                Files.getPosixFilePermissions(data.resolve("claim-token"))))
        .isEqualTo("rw-------");
    assertThat(login(accounts, "admin", "admin")).isInstanceOf(Refused.class);
    assertThat(accounts.toString()).doesNotContain(token());
  }

  @Test
  void theTokenMakesTheAdministratorAndIsGoneThen() throws IOException {
    LocalAccounts accounts = open();
    String token = token();
    assertThat(accounts.claim(token, "anna", PASSWORD.toCharArray(), HERE))
        .isEqualTo(new Success(new Principal("anna", Role.ADMIN)));
    assertThat(accounts.claimed()).isTrue();
    assertThat(data.resolve("claim-token")).doesNotExist();
    assertThat(accounts.claim(token, "eve", PASSWORD.toCharArray(), HERE))
        .isInstanceOf(Refused.class);
    assertThat(login(accounts, "anna", PASSWORD)).isInstanceOf(Success.class);
    assertThat(login(open(), "anna", PASSWORD)).isInstanceOf(Success.class);
  }

  @Test
  void takesTheTokenWithOtherCaseAndBlanks() throws IOException {
    LocalAccounts accounts = open();
    String typed = " " + token().toUpperCase(java.util.Locale.ROOT).replace("-", " ") + " ";
    assertThat(accounts.claim(typed, "anna", PASSWORD.toCharArray(), HERE))
        .isInstanceOf(Success.class);
  }

  @Test
  void refusesATokenOlderThanThirtyMinutes() throws IOException {
    LocalAccounts accounts = open();
    time.advance(Duration.ofMinutes(30));
    assertThat(accounts.claim(token(), "anna", PASSWORD.toCharArray(), HERE))
        .isInstanceOfSatisfying(
            Refused.class, refused -> assertThat(refused.message()).contains("claim-token"));
    assertThat(accounts.claimed()).isFalse();
  }

  // Whoever may read the gateway's files always finds a valid token.
  @Test
  void aNewTokenTakesThePlaceOfOneThatHasExpired() throws IOException {
    LocalAccounts accounts = open();
    String expired = token();
    time.advance(Duration.ofMinutes(30));
    accounts.renew();
    assertThat(token()).isNotEqualTo(expired);
    assertThat(accounts.claim(expired, "anna", PASSWORD.toCharArray(), HERE))
        .isInstanceOf(Refused.class);
    assertThat(accounts.claim(token(), "anna", PASSWORD.toCharArray(), HERE))
        .isInstanceOf(Success.class);
    accounts.renew();
    assertThat(data.resolve("claim-token")).doesNotExist();
  }

  @Test
  void aWeakPasswordDoesNotUseUpTheToken() throws IOException {
    LocalAccounts accounts = open();
    assertThat(accounts.claim(token(), "anna", "password1234".toCharArray(), HERE))
        .isInstanceOf(Refused.class);
    assertThat(accounts.claim(token(), " ", PASSWORD.toCharArray(), HERE))
        .isInstanceOf(Refused.class);
    assertThat(accounts.claim(token(), "anna", PASSWORD.toCharArray(), HERE))
        .isInstanceOf(Success.class);
  }

  @Test
  void wrongTokensAreSlowedDown() throws IOException {
    LocalAccounts accounts = open();
    for (int i = 0; i < 5; i++) {
      accounts.claim("wrong" + i, "anna", PASSWORD.toCharArray(), HERE);
    }
    assertThat(accounts.claim(token(), "anna", PASSWORD.toCharArray(), HERE))
        .isInstanceOfSatisfying(
            Refused.class, refused -> assertThat(refused.retryAfter()).isPositive());
    time.advance(Duration.ofSeconds(1));
    assertThat(accounts.claim(token(), "anna", PASSWORD.toCharArray(), HERE))
        .isInstanceOf(Success.class);
  }

  @Test
  void keepsHashesOnly() throws IOException {
    claimed();
    Path file = data.resolve("security/accounts.json");
    assertThat(Files.readString(file))
        .contains("PBKDF2-HMAC-SHA256")
        .doesNotContain("zebra")
        .doesNotContain("Kiesel");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThat(audit.events.toString()).doesNotContain("zebra");
  }

  // Neither the message nor the time may tell whether the account exists.
  @Test
  void answersAnUnknownAccountLikeAWrongPassword() throws IOException {
    LocalAccounts accounts = claimed();
    assertThat(login(accounts, "nobody", PASSWORD)).isEqualTo(login(accounts, "anna", "wrong"));
  }

  @Test
  void slowsDownFromTheFifthFailureEvenForTheRightPassword() throws IOException {
    LocalAccounts accounts = claimed();
    for (int i = 0; i < 5; i++) {
      assertThat(login(accounts, "anna", "wrong " + i)).isInstanceOf(Refused.class);
    }
    assertThat(login(accounts, "anna", PASSWORD))
        .isEqualTo(
            new Refused("Too many failed attempts. Try again in 2 s.", Duration.ofSeconds(1)));
    time.advance(Duration.ofSeconds(1));
    assertThat(login(accounts, "anna", PASSWORD)).isInstanceOf(Success.class);
  }

  @Test
  void auditsEveryAttemptAndNoNameThatIsNoAccount() throws IOException {
    LocalAccounts accounts = claimed();
    login(accounts, "anna", PASSWORD);
    login(accounts, "anna", "wrong");
    login(accounts, "my secret typed into the wrong field", "x");
    assertThat(audit.events.stream().map(LocalAccountsTest::brief))
        .containsExactly(
            "ACCOUNT anna ok",
            "LOGIN anna ok",
            "LOGIN anna refused",
            "LOGIN (unknown account) refused");
  }

  @Test
  void auditsTheFirstOfManyThatAreTurnedAwayAndThenTheirNumber() throws IOException {
    LocalAccounts accounts = claimed();
    for (int i = 0; i < 20; i++) {
      login(accounts, "anna", "wrong");
    }
    assertThat(audit.events).hasSize(1 + 5 + 1);
    time.advance(Duration.ofSeconds(1));
    login(accounts, "anna", "wrong");
    AuditEvent last = audit.events.get(audit.events.size() - 1);
    assertThat(last.details()).containsEntry("turnedAwayBefore", "15");
  }

  @Test
  void claimsNothingThatCannotBeAudited() throws IOException {
    LocalAccounts accounts = open();
    audit.unavailable = true;
    assertThat(accounts.claim(token(), "anna", PASSWORD.toCharArray(), HERE))
        .isInstanceOfSatisfying(
            Refused.class, refused -> assertThat(refused.message()).contains("audit.jsonl"));
    assertThat(accounts.claimed()).isFalse();
    assertThat(data.resolve("security/accounts.json")).doesNotExist();
  }

  // Who is to make room on the disk must be able to look.
  @Test
  void letsPeopleInWhileTheAuditLogIsFull() throws IOException {
    LocalAccounts accounts = claimed();
    audit.unavailable = true;
    assertThat(login(accounts, "anna", PASSWORD)).isInstanceOf(Success.class);
  }

  @Test
  void aLocalFileAllowsTheAdministratorToBeResetOnce() throws IOException {
    claimed();
    Files.createFile(data.resolve("security/reset-admin"));
    LocalAccounts accounts = open();
    assertThat(accounts.claimed()).isFalse();
    String fresh = "another long passphrase";
    assertThat(accounts.claim(token(), "anna", fresh.toCharArray(), HERE))
        .isInstanceOf(Success.class);
    assertThat(data.resolve("security/reset-admin")).doesNotExist();
    LocalAccounts restarted = open();
    assertThat(restarted.claimed()).isTrue();
    assertThat(login(restarted, "anna", PASSWORD)).isInstanceOf(Refused.class);
    assertThat(login(restarted, "anna", fresh)).isInstanceOf(Success.class);
  }

  @Test
  void aDamagedHashIsFoundWhenTheFileIsReadAndNotWhenSomeoneLogsIn() throws Exception {
    claimed();
    Path file = data.resolve("security/accounts.json");
    String good = Files.readString(file);
    for (String key : List.of("salt", "hash")) {
      for (String bad : List.of("", "no base64 !")) {
        Files.writeString(
            file,
            good.replaceFirst("\"" + key + "\": \"[^\"]+\"", "\"" + key + "\": \"" + bad + "\""));
        assertThatThrownBy(this::open)
            .isInstanceOf(UnsafeFileException.class)
            .hasMessageContaining(file + " is damaged (account 'anna': ")
            .hasMessageContaining(key);
      }
    }
  }

  // A damaged file must not make the gateway claimable by whoever comes first.
  @Test
  void isNotUnclaimedBecauseTheAccountsAreDamaged() throws IOException {
    claimed();
    Path file = data.resolve("security/accounts.json");
    Files.writeString(file, "{");
    assertThatThrownBy(this::open)
        .isInstanceOf(UnsafeFileException.class)
        .hasMessageContaining(file + " is damaged");
    assertThat(data.resolve("claim-token")).doesNotExist();
  }

  private static String brief(AuditEvent event) {
    assertThat(event.action()).isIn(Action.LOGIN, Action.ACCOUNT);
    assertThat(event.origin()).isEqualTo(HERE);
    return event.action() + " " + event.actor() + " " + event.outcome();
  }
}
