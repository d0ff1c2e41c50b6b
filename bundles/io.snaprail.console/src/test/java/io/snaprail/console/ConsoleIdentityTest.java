package io.snaprail.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.snaprail.api.certificate.IdentityInfo;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ConsoleIdentityTest {
  private static final Instant NOW = Instant.parse("2026-03-01T00:00:00Z");
  private static final String SELF = "CN=Snaprail console,O=Snaprail";
  private static final Set<String> NAMES = Set.of("localhost", "::1");

  private final Clock clock = Clock.fixed(NOW, ZoneOffset.UTC);
  private final FakeStore store = new FakeStore(clock);
  private final ConsoleIdentity identity = new ConsoleIdentity(store, clock);

  private IdentityInfo after(IdentityInfo known) throws Exception {
    store.identities.put("console", known);
    identity.ensure(NAMES);
    return store.identities.get("console");
  }

  private static IdentityInfo known(String issuer, Duration left, String... names) {
    return FakeStore.identity("console", issuer, NOW.plus(left), List.of(names));
  }

  @Test
  void isMadeOnce() throws Exception {
    identity.ensure(NAMES);
    IdentityInfo made = store.identities.get("console");
    identity.ensure(NAMES);

    assertThat(made.alternativeNames()).containsExactlyInAnyOrderElementsOf(NAMES);
    assertThat(store.identities.get("console")).isSameAs(made);
  }

  @Test
  void isRenewedBeforeItEndsAndWhenItLacksAName() throws Exception {
    IdentityInfo old = known(SELF, Duration.ofDays(29), "localhost", "::1");
    assertThat(after(old)).isNotSameAs(old);
    IdentityInfo narrow = known(SELF, Duration.ofDays(300), "localhost");
    assertThat(after(narrow)).isNotSameAs(narrow);
  }

  @Test
  void isKeptWhileItIsGood() throws Exception {
    IdentityInfo good = known(SELF, Duration.ofDays(31), "LOCALHOST", "0:0:0:0:0:0:0:1", "more");

    assertThat(after(good)).isSameAs(good);
  }

  @Test
  void whatSomeoneImportedIsLeftAlone() throws Exception {
    IdentityInfo imported = known("CN=Company CA", Duration.ofDays(1), "gw.example");

    assertThat(after(imported)).isSameAs(imported);
  }
}
