package io.snaprail.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.snaprail.api.security.AccessTokens;
import io.snaprail.api.security.Role;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Secrets go in by the API and never come out of it. */
class SecretApiTest {
  private ConsoleHarness console;
  private Browser script;

  @BeforeEach
  void start() throws Exception {
    console = new ConsoleHarness(0);
    script = new Browser(console.base);
    for (Role role : Role.values()) {
      console.gateway.tokens.put(
          role.name(), new AccessTokens.TokenInfo(role.name(), role, FakeGateway.T0, "eva", null));
    }
  }

  @AfterEach
  void stop() throws Exception {
    console.close();
  }

  private HttpResponse<String> send(Role role, String method, String name, String body)
      throws Exception {
    HttpRequest.Builder request =
        script
            .request("/api/v1/secrets/" + name)
            .header("Authorization", "Bearer srt_" + role)
            .method(method, BodyPublishers.ofString(body));
    return script.send(request);
  }

  @Test
  void aSecretIsKeptAndRecordedByNameOnly() throws Exception {
    HttpResponse<String> response =
        send(Role.ADMIN, "PUT", "broker.password", "{\"secret\":\"hush hush\"}");

    assertThat(response.statusCode()).isEqualTo(204);
    assertThat(response.body()).isEmpty();
    assertThat(console.gateway.secrets).containsEntry("broker.password", "hush hush");
    assertThat(console.gateway.audited)
        .singleElement()
        .satisfies(
            event -> {
              assertThat(event.actor()).isEqualTo("token:ADMIN");
              assertThat(event.subject()).isEqualTo("secret/broker.password");
              assertThat(event.details()).isEqualTo(Map.of("change", "set"));
            });
    assertThat(console.gateway.audited.toString()).doesNotContain("hush");
    assertThat(send(Role.ADMIN, "GET", "broker.password", "").statusCode()).isEqualTo(405);
  }

  @Test
  void aSecretIsForgotten() throws Exception {
    console.gateway.secrets.put("broker", "x");

    assertThat(send(Role.ADMIN, "DELETE", "broker", "").statusCode()).isEqualTo(204);
    assertThat(console.gateway.secrets).isEmpty();
    assertThat(send(Role.ADMIN, "DELETE", "broker", "").statusCode()).isEqualTo(404);
  }

  @Test
  void onlyAdministratorsMay() throws Exception {
    assertThat(send(Role.OPERATOR, "PUT", "a", "{\"secret\":\"x\"}").statusCode()).isEqualTo(403);
    assertThat(send(Role.VIEWER, "DELETE", "a", "").statusCode()).isEqualTo(403);
  }

  @Test
  void itsLengthIsLimited() throws Exception {
    for (int length : new int[] {0, 4097}) {
      HttpResponse<String> response =
          send(Role.ADMIN, "PUT", "a", "{\"secret\":\"" + "q".repeat(length) + "\"}");
      assertThat(response.statusCode()).as("%d", length).isEqualTo(422);
      assertThat(response.body()).doesNotContain("qq");
    }
    String longest = "{\"secret\":\"" + "q".repeat(4096) + "\"}";
    assertThat(send(Role.ADMIN, "PUT", "a", longest).statusCode()).isEqualTo(204);
  }

  @ParameterizedTest
  @ValueSource(strings = {"certificates.keystore", "a%20b", "%C3%A4"})
  void theGatewaysOwnAndStrangeNamesAreRefused(String name) throws Exception {
    assertThat(send(Role.ADMIN, "PUT", name, "{\"secret\":\"x\"}").statusCode()).isEqualTo(422);
    assertThat(send(Role.ADMIN, "DELETE", name, "").statusCode()).isEqualTo(422);
    assertThat(console.gateway.secrets).isEmpty();
  }

  @Test
  void withoutAuditNothingIsKept() throws Exception {
    console.gateway.auditWorks = false;

    assertThat(send(Role.ADMIN, "PUT", "a", "{\"secret\":\"x\"}").statusCode()).isEqualTo(503);
    assertThat(console.gateway.secrets).isEmpty();
  }
}
