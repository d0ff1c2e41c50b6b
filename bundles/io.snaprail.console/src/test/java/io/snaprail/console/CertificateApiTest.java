package io.snaprail.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.snaprail.api.audit.Actor;
import io.snaprail.api.audit.AuditEvent;
import io.snaprail.api.security.AccessTokens;
import io.snaprail.api.security.Role;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CertificateApiTest {
  private ConsoleHarness console;
  private Browser script;

  @BeforeEach
  void start() throws Exception {
    console = new ConsoleHarness(0);
    script = new Browser(console.base);
    console.gateway.tokens.put(
        "t", new AccessTokens.TokenInfo("t", Role.ADMIN, FakeGateway.T0, "eva", null));
  }

  @AfterEach
  void stop() throws Exception {
    console.close();
  }

  private HttpResponse<String> send(String method, String path, String body) throws Exception {
    return script.send(
        script
            .request(path)
            .header("Authorization", "Bearer srt_t")
            .method(
                method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body)));
  }

  @Test
  void aRequestIsMadeAndItsCertificateImported() throws Exception {
    HttpResponse<String> made =
        send(
            "POST",
            "/api/v1/identities/cloud/csr",
            "{\"subject\":\"CN=gw\",\"keyType\":\"RSA_2048\",\"alternativeNames\":[\"gw.example\"]}");
    assertThat(made.statusCode()).isEqualTo(201);
    assertThat(made.body()).contains("request for cloud RSA_2048 CN=gw [gw.example]");

    HttpResponse<String> imported =
        send(
            "POST",
            "/api/v1/identities/cloud/certificate",
            "{\"pem\":\"-----BEGIN CERTIFICATE-----\"}");

    assertThat(imported.statusCode()).isEqualTo(200);
    assertThat(send("GET", "/api/v1/identities", "").body()).contains("\"name\":\"cloud\"");
    assertThat(console.gateway.audited)
        .extracting(AuditEvent::action, AuditEvent::actor, AuditEvent::subject)
        .containsOnly(
            org.assertj.core.groups.Tuple.tuple(AuditEvent.Action.CERTIFICATE, "token:t", "cloud"));
    // The store's own lines name them too.
    assertThat(console.store.actors).containsExactly(new Actor("token:t", "127.0.0.1"));
  }

  /** What ends at once is told; what a connection has to decide is begun. */
  @Test
  void aRotationIsBegunAndLookedAt() throws Exception {
    HttpResponse<String> done =
        send("POST", "/api/v1/identities/cloud/rotate", "{\"issuer\":\"quick\"}");
    assertThat(done.statusCode()).isEqualTo(200);
    assertThat(done.body()).contains("\"phase\":\"DONE\"", "\"reason\":\"by hand, token:t\"");

    HttpResponse<String> begun =
        send("POST", "/api/v1/identities/other/rotate", "{\"issuer\":\"slow\"}");
    assertThat(begun.statusCode()).isEqualTo(202);
    assertThat(begun.body()).contains("\"phase\":\"SIGNING\"");
    assertThat(send("GET", "/api/v1/rotations", "").body())
        .contains("\"identity\":\"other\"", "\"issuers\":[\"quick\"]");

    HttpResponse<String> refused = send("POST", "/api/v1/identities/cloud/rotate", "{}");
    assertThat(refused.statusCode()).isEqualTo(422);
    assertThat(refused.body()).contains("Nobody is named who signs for identity 'cloud'");
  }

  @Test
  void whatTheStoreRefusesIsSaidInItsWords() throws Exception {
    HttpResponse<String> bad = send("POST", "/api/v1/identities/cloud", "{\"pem\":\"nonsense\"}");

    assertThat(bad.statusCode()).isEqualTo(422);
    assertThat(bad.body()).contains("line 1 is not PEM");
    assertThat(
            send(
                    "POST",
                    "/api/v1/identities/x/csr",
                    "{\"subject\":\"CN=a\",\"keyType\":\"RSA_512\"}")
                .body())
        .contains("EC_P256");
  }

  @Test
  void withoutAuditNothingIsImported() throws Exception {
    console.gateway.auditWorks = false;

    assertThat(send("POST", "/api/v1/roots/r", "{\"pem\":\"x\"}").statusCode()).isEqualTo(503);
    assertThat(console.store.roots).isEmpty();
  }

  @Test
  void rootsAreImportedAndShown() throws Exception {
    assertThat(send("POST", "/api/v1/roots/r", "{\"pem\":\"x\"}").statusCode()).isEqualTo(204);

    assertThat(send("GET", "/api/v1/roots", "").body()).isEqualTo("{\"roots\":[\"r\"]}\n");
    assertThat(send("GET", "/api/v1/roots/r", "").body()).contains("\"pem\":\"x\"");
    assertThat(send("GET", "/api/v1/roots/no", "").statusCode()).isEqualTo(404);
  }

  @Test
  void theConsoleKeepsItsOwnIdentity() throws Exception {
    for (String name : List.of("console", "cloud")) {
      console.store.identities.put(
          name, FakeStore.identity(name, "CN=CA", Instant.now(), List.of()));
    }

    assertThat(send("DELETE", "/api/v1/identities/console", "").statusCode()).isEqualTo(422);
    assertThat(send("DELETE", "/api/v1/identities/cloud", "").statusCode()).isEqualTo(204);
    assertThat(send("DELETE", "/api/v1/identities/cloud", "").statusCode()).isEqualTo(404);
    assertThat(console.store.identities).containsOnlyKeys("console");
  }

  @Test
  void aPkcs12FileIsImported() throws Exception {
    HttpResponse<String> imported =
        send("POST", "/api/v1/identities/cloud/pkcs12", "{\"file\":\"AAEC\",\"passphrase\":\"x\"}");

    assertThat(imported.statusCode()).isEqualTo(200);
    assertThat(imported.body()).contains("\"issuer\":\"CN=3\"");
    assertThat(send("POST", "/api/v1/identities/cloud/pkcs12", "{\"file\":\"?\"}").body())
        .contains("must be the file in base64");
  }

  @Test
  void aTrialIsEndedEitherWay() throws Exception {
    assertThat(send("POST", "/api/v1/identities/cloud/rollback", "").body())
        .contains("\"issuer\":\"CN=back\"");
    HttpResponse<String> none = send("POST", "/api/v1/identities/cloud/commit", "");
    assertThat(none.statusCode()).isEqualTo(422);
    assertThat(none.body()).contains("cloud has nothing on trial");
  }

  @Test
  void aRefusedCertificateIsShownAndTrusted() throws Exception {
    assertThat(send("GET", "/api/v1/refused-certificates", "").body())
        .contains("\"peer\":\"mq.example\"", "\"curable\":true");

    HttpResponse<String> trusted =
        send("POST", "/api/v1/refused-certificates/ab12/trust", "{\"roots\":\"plant\"}");

    assertThat(trusted.statusCode()).isEqualTo(204);
    assertThat(console.store.roots).containsEntry("plant", "ab12");
    assertThat(console.gateway.audited).extracting(AuditEvent::subject).containsExactly("plant");
  }

  @Test
  void thePublicRootsAreShown() throws Exception {
    assertThat(send("GET", "/api/v1/public-roots", "").body()).contains("CN=Root of ");
  }
}
