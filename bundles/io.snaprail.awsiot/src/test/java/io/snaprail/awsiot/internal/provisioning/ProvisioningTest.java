package io.snaprail.awsiot.internal.provisioning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.gson.JsonObject;
import io.snaprail.api.certificate.CertificateStore;
import io.snaprail.api.certificate.CertificateStoreException;
import io.snaprail.api.certificate.IdentityInfo;
import io.snaprail.api.certificate.KeyRequest;
import io.snaprail.api.certificate.KeyType;
import io.snaprail.api.health.Problem;
import io.snaprail.api.health.ProblemBoard;
import io.snaprail.api.mqtt.ClientSettings;
import io.snaprail.api.mqtt.MqttSettings;
import io.snaprail.api.mqtt.TlsSettings;
import io.snaprail.awsiot.internal.FakeSession;
import io.snaprail.awsiot.internal.json.JsonText;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProvisioningTest {
  @TempDir Path folder;

  private final List<String> done = new CopyOnWriteArrayList<>();
  private final List<String> told = new CopyOnWriteArrayList<>();
  private final List<String> pems = new ArrayList<>();
  private World world;

  @BeforeEach
  void certificates() throws IOException {
    try (InputStream in = getClass().getResourceAsStream("issued.pem")) {
      String all = new String(in.readAllBytes(), StandardCharsets.US_ASCII);
      for (String one : all.split("(?<=-----END CERTIFICATE-----\n)")) {
        pems.add(one);
      }
    }
    world = new World();
  }

  /** The power goes. */
  private static final class Cut extends Error {
    private static final long serialVersionUID = 1;
  }

  /** AWS, the certificate store, and the moment at which the power goes. */
  private class World {
    final AtomicInteger steps = new AtomicInteger();
    volatile int cutAt = Integer.MAX_VALUE;
    final Map<String, String> tokens = new HashMap<>();
    final Set<String> activated = new HashSet<>();
    int issued;
    int keys;
    int pending;
    String active = "";

    void step() {
      if (steps.incrementAndGet() == cutAt) {
        throw new Cut();
      }
    }

    FakeSession session() {
      FakeSession session = new FakeSession();
      session.cloud(
          (topic, document) -> {
            step();
            if (topic.endsWith("create-from-csr/json")) {
              certificate(session, topic, document);
            } else {
              register(session, topic, document);
            }
            step();
          });
      return session.connect();
    }

    private void certificate(FakeSession session, String topic, JsonObject document) {
      String csr = JsonText.text(document, "certificateSigningRequest").orElseThrow();
      String pem = pems.get(Integer.parseInt(csr.substring(4)) % pems.size());
      String token = "token-" + ++issued;
      tokens.put(token, pem);
      session.deliver(
          topic + "/accepted",
          "{\"certificateId\":\"id\",\"certificatePem\":"
              + new com.google.gson.JsonPrimitive(pem)
              + ",\"certificateOwnershipToken\":\""
              + token
              + "\"}");
    }

    private void register(FakeSession session, String topic, JsonObject document) {
      String token = JsonText.text(document, "certificateOwnershipToken").orElseThrow();
      String pem = tokens.remove(token);
      if (pem == null) {
        session.deliver(
            topic + "/rejected",
            "{\"statusCode\":400,\"errorCode\":\"InvalidCertificateOwnershipToken\",\"errorMessage\":\"The"
                + " token is not known\"}");
        return;
      }
      activated.add(pem);
      session.deliver(topic + "/accepted", "{\"deviceConfiguration\":{},\"thingName\":\"gw-1\"}");
    }

    CertificateStore store() {
      return (CertificateStore)
          Proxy.newProxyInstance(
              getClass().getClassLoader(),
              new Class<?>[] {CertificateStore.class},
              (proxy, method, arguments) ->
                  switch (method.getName()) {
                    case "identities" -> identities();
                    case "active" -> active.isEmpty() ? Optional.empty() : Optional.of(info());
                    case "createSigningRequest" -> request();
                    case "importCertificate" -> take((String) arguments[1]);
                    default -> throw new UnsupportedOperationException(method.getName());
                  });
    }

    private String request() {
      step();
      pending = ++keys;
      step();
      return "csr-" + pending;
    }

    private IdentityInfo take(String pem) throws CertificateStoreException {
      step();
      if (pending == 0 || !pem.equals(pems.get(pending % pems.size()))) {
        throw new CertificateStoreException("the certificate does not match the key");
      }
      active = pem;
      pending = 0;
      step();
      return info();
    }

    private List<IdentityInfo> identities() {
      List<IdentityInfo> all = new ArrayList<>();
      if (!active.isEmpty()) {
        all.add(info());
      }
      if (pending > 0) {
        all.add(info(IdentityInfo.State.PENDING, ""));
      }
      return all;
    }

    private IdentityInfo info() {
      return info(IdentityInfo.State.ACTIVE, Fingerprint.of(active));
    }

    private IdentityInfo info(IdentityInfo.State state, String fingerprint) {
      return new IdentityInfo(
          "fleet", state, "EC P-256", "CN=x", "", fingerprint, null, null, List.of(), "");
    }
  }

  private Provisioning start() {
    MqttSettings claim =
        new MqttSettings(
            "cloud-claim",
            "a.example",
            8883,
            new TlsSettings("claim", ""),
            new ClientSettings("id", Duration.ofSeconds(60)));
    ProblemBoard board =
        new ProblemBoard() {
          @Override
          public void report(String source, List<Problem> problems) {
            problems.forEach(problem -> told.add(problem.message()));
          }

          @Override
          public List<Entry> problems() {
            return List.of();
          }
        };
    return new Provisioning(
        new Provisioning.Plan(
            claim,
            "fleet",
            "template",
            Map.of("SerialNumber", "1"),
            new KeyRequest(KeyType.EC_P256, "CN=x", List.of(), "", "")),
        new Provisioning.Parts(
            () -> settings -> world.session(),
            world::store,
            board,
            folder.resolve("provisioning.json"),
            done::add));
  }

  @Test
  void gatewayGetsCertificateAndThingOnce() {
    try (Provisioning first = start()) {
      await().until(() -> done.equals(List.of("gw-1")));
    }
    assertThat(world.activated).containsExactly(world.active);
    int steps = world.steps.get();
    try (Provisioning again = start()) {
      await().until(() -> done.equals(List.of("gw-1", "gw-1")));
    }
    assertThat(world.steps).hasValue(steps);
    assertThat(told).isEmpty();
  }

  // Issue: survives a power cut at every step.
  @Test
  void cutAtAnyStepTheNextStartEndsWithACertificateThatAwsHasActivated() throws Exception {
    int cuts = 0;
    for (int at = 1; ; at++) {
      world = new World();
      world.cutAt = at;
      done.clear();
      Path file = folder.resolve("provisioning.json");
      java.nio.file.Files.deleteIfExists(file);
      Provisioning first = start();
      int cut = at;
      // The cut ends a thread that nobody watches.
      await()
          .dontCatchUncaughtExceptions()
          .until(() -> world.steps.get() >= cut || !done.isEmpty());
      if (!done.isEmpty()) {
        first.close();
        break;
      }
      first.close();
      cuts++;
      try (Provisioning second = start()) {
        await().atMost(Duration.ofSeconds(20)).until(() -> done.equals(List.of("gw-1")));
      }
      assertThat(world.activated).as("cut at step " + at).contains(world.active);
    }
    assertThat(cuts).isEqualTo(8);
  }

  @Test
  void refusalSaysWhatToCheckAndIsTriedAgain() {
    world =
        new World() {
          @Override
          FakeSession session() {
            FakeSession session = new FakeSession();
            session.cloud(
                (topic, document) ->
                    session.deliver(
                        topic + "/rejected",
                        "{\"statusCode\":403,\"errorCode\":\"AccessDenied\",\"errorMessage\":\"no\"}"));
            return session.connect();
          }
        };
    try (Provisioning refused = start()) {
      await().until(() -> !told.isEmpty());
    }
    assertThat(told.get(0))
        .isEqualTo(
            "provisioning by template 'template' at mqtts://a.example:8883: AWS refuses:"
                + " '$aws/certificates/create-from-csr/json' is refused: no (AccessDenied); check"
                + " template, its parameters and the claim's policy; trying again within 5 s");
  }
}
