package io.snaprail.security.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.snaprail.api.audit.AuditUnavailableException;
import io.snaprail.api.security.AccessTokens.TokenInfo;
import io.snaprail.api.security.Principal;
import io.snaprail.api.security.Role;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Base64;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StoredTokensTest {
  private static final Instant NOW = Instant.parse("2026-05-06T07:08:09Z");

  @TempDir Path data;
  private Path file;
  private final RecordingAudit audit = new RecordingAudit();
  private final ManualNanos time = new ManualNanos();

  @BeforeEach
  void file() {
    file = data.resolve("security/tokens.json");
  }

  private StoredTokens open() throws IOException {
    return new StoredTokens(file, audit, Clock.fixed(NOW, ZoneOffset.UTC), time);
  }

  @Test
  void aTokenStandsForItsNameAndRole() throws Exception {
    String token = open().create("grafana", Role.VIEWER, "anna");
    assertThat(token).startsWith("srt_");
    assertThat(Base64.getUrlDecoder().decode(token.substring(4))).hasSize(32);
    assertThat(open().verify(token)).hasValue(new Principal("grafana", Role.VIEWER));
    assertThat(open().verify(token + "x")).isEmpty();
    assertThat(open().verify("srt_")).isEmpty();
    assertThat(open().verify("")).isEmpty();
  }

  @Test
  void keepsOnlyTheHash() throws Exception {
    String token = open().create("grafana", Role.VIEWER, "anna");
    assertThat(Files.readString(file)).doesNotContain(token).doesNotContain(token.substring(4));
    assertThat(audit.events.toString()).doesNotContain(token.substring(4));
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
  }

  @Test
  void aRevokedTokenIsRefusedAtOnceAndAfterARestart() throws Exception {
    StoredTokens tokens = open();
    String token = tokens.create("grafana", Role.VIEWER, "anna");
    assertThat(tokens.revoke("grafana", "anna")).isTrue();
    assertThat(tokens.revoke("grafana", "anna")).isFalse();
    assertThat(tokens.verify(token)).isEmpty();
    assertThat(open().verify(token)).isEmpty();
  }

  @Test
  void refusesANameTwice() throws Exception {
    StoredTokens tokens = open();
    tokens.create("grafana", Role.VIEWER, "anna");
    assertThatThrownBy(() -> tokens.create("grafana", Role.ADMIN, "anna"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("grafana");
    assertThatThrownBy(() -> tokens.create("", Role.ADMIN, "anna"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  // A name is a part of an address when its token is revoked: some cannot be, however encoded.
  @ParameterizedTest
  @ValueSource(
      strings = {".", "..", "a/b", "a\\b", "a%b", "a;b", "a?b", "a#b", "<b>", " a", "a ", "a\nb"})
  void refusesANameThatNoAddressCanHold(String name) throws Exception {
    StoredTokens tokens = open();
    assertThatThrownBy(() -> tokens.create(name, Role.VIEWER, "anna"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("letters, digits");
    assertThat(tokens.list()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"grafana", "Löschwasser 2", "anna@example.com", "v1.2_a-b:c+d", "..."})
  void acceptsANameOfAnyLanguage(String name) throws Exception {
    StoredTokens tokens = open();
    assertThat(tokens.verify(tokens.create(name, Role.VIEWER, "anna"))).isPresent();
  }

  @Test
  void savesWhenItWasUsedOnlyOnceAnHourAndAtStop() throws Exception {
    StoredTokens tokens = open();
    String token = tokens.create("grafana", Role.VIEWER, "anna");
    tokens.verify(token);
    assertThat(tokens.list())
        .containsExactly(new TokenInfo("grafana", Role.VIEWER, NOW, "anna", NOW));
    assertThat(open().list().get(0).lastUsed()).isNull();
    time.advance(Duration.ofMinutes(61));
    tokens.verify(token);
    assertThat(open().list().get(0).lastUsed()).isEqualTo(NOW);

    StoredTokens second = open();
    String other = second.create("script", Role.OPERATOR, "anna");
    second.verify(other);
    second.close();
    assertThat(open().list())
        .filteredOn(t -> t.name().equals("script"))
        .allMatch(t -> NOW.equals(t.lastUsed()));
  }

  @Test
  void makesNoTokenThatCannotBeAudited() throws Exception {
    StoredTokens tokens = open();
    audit.unavailable = true;
    assertThatThrownBy(() -> tokens.create("grafana", Role.ADMIN, "anna"))
        .isInstanceOf(AuditUnavailableException.class);
    assertThat(tokens.list()).isEmpty();
  }
}
