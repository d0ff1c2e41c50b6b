package io.snaprail.console.internal.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.snaprail.api.security.Principal;
import io.snaprail.api.security.Role;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class SessionsTest {
  private static final Principal EVA = new Principal("eva", Role.ADMIN);

  /** Monotonic clocks may be negative and may wrap; start just before the wrap. */
  private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 1000);

  private final Sessions sessions = new Sessions(nanos::get);

  private void pass(Duration time) {
    nanos.addAndGet(time.toNanos());
  }

  @Test
  void aSessionIsFoundByItsIdAndNoOther() {
    Sessions.Opened opened = sessions.open(EVA);

    assertThat(sessions.find(opened.id(), true)).containsSame(opened.session());
    assertThat(sessions.find(opened.id() + "x", true)).isEmpty();
    assertThat(sessions.find("", true)).isEmpty();
  }

  @Test
  void idsAndTokensHave256BitsAndNeverRepeat() {
    Set<String> seen = new HashSet<>();
    for (int i = 0; i < 100; i++) {
      Sessions.Opened opened = sessions.open(EVA);
      assertThat(opened.id()).hasSize(43);
      assertThat(seen.add(opened.id())).isTrue();
      assertThat(seen.add(opened.session().csrfToken())).isTrue();
    }
  }

  @Test
  void endsAfterTenMinutesWithoutUse() {
    Sessions.Opened opened = sessions.open(EVA);
    pass(Duration.ofMinutes(9));
    assertThat(sessions.find(opened.id(), true)).isPresent();
    pass(Duration.ofMinutes(9));
    assertThat(sessions.find(opened.id(), true)).isPresent();
    pass(Duration.ofMinutes(10));

    assertThat(sessions.find(opened.id(), true)).isEmpty();
    assertThat(sessions.alive(opened.session())).isFalse();
  }

  @Test
  void anOpenPageAloneIsNoUse() {
    Sessions.Opened opened = sessions.open(EVA);
    pass(Duration.ofMinutes(6));
    assertThat(sessions.find(opened.id(), false)).isPresent();
    pass(Duration.ofMinutes(6));

    assertThat(sessions.find(opened.id(), false)).isEmpty();
  }

  @Test
  void endsAfterEightHoursHoweverMuchItIsUsed() {
    Sessions.Opened opened = sessions.open(EVA);
    for (int minutes = 0; minutes < 8 * 60 - 5; minutes += 5) {
      assertThat(sessions.find(opened.id(), true)).as("after %d min", minutes).isPresent();
      pass(Duration.ofMinutes(5));
    }
    assertThat(sessions.find(opened.id(), true)).isPresent();
    pass(Duration.ofMinutes(5));

    assertThat(sessions.find(opened.id(), true)).isEmpty();
  }

  @Test
  void whenThereAreTooManyTheOneIdleLongestEnds() {
    Sessions.Opened idle = sessions.open(EVA);
    pass(Duration.ofSeconds(1));
    Sessions.Opened used = sessions.open(EVA);
    for (int i = 2; i < Sessions.MAX_SESSIONS; i++) {
      sessions.open(EVA);
    }
    pass(Duration.ofSeconds(1));
    sessions.find(used.id(), true);
    sessions.open(EVA);

    assertThat(sessions.find(idle.id(), true)).isEmpty();
    assertThat(sessions.find(used.id(), true)).isPresent();
  }

  @Test
  void aClosedSessionIsOver() {
    Sessions.Opened opened = sessions.open(EVA);
    sessions.close(opened.session());

    assertThat(sessions.find(opened.id(), true)).isEmpty();
    assertThat(sessions.alive(opened.session())).isFalse();
  }
}
