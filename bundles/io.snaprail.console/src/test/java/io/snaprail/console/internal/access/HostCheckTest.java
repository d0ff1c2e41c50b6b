package io.snaprail.console.internal.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HostCheckTest {
  private final HostCheck check = new HostCheck(List.of("Gateway-7.example", ""));

  @ParameterizedTest
  @ValueSource(
      strings = {
        "localhost",
        "localhost:8443",
        "LOCALHOST:8443",
        "127.0.0.1:8443",
        "192.168.1.20",
        "[::1]:8443",
        "[fd00::12]",
        "gateway-7.example:8443"
      })
  void acceptsOwnNamesAndAddresses(String host) {
    assertThat(check.accepts(host)).isTrue();
  }

  /** DNS rebinding needs a name of the attacker's own. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "evil.example",
        "evil.example:8443",
        "gateway-7.example.evil.example",
        "127.0.0.1.evil.example",
        "localhost.evil.example:8443",
        "",
        ":8443",
        "localhost:8443:8443",
        "localhost\tevil"
      })
  void refusesEveryOtherName(String host) {
    assertThat(check.accepts(host)).isFalse();
  }
}
