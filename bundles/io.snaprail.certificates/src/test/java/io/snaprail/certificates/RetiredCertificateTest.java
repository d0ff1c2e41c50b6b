package io.snaprail.certificates;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.snaprail.api.certificate.CertificateIssuer;
import io.snaprail.api.certificate.CertificateStoreException;
import io.snaprail.api.certificate.KeyType;
import io.snaprail.api.certificate.RotationState;
import io.snaprail.api.certificate.SigningOrder;
import io.snaprail.testkit.peer.OpenSsl;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * After a rotation the old certificate opens nothing: an authority of openssl revokes it, and
 * Mosquitto refuses it.
 */
class RetiredCertificateTest {
  private static final String NAME = RotationRig.NAME;

  @TempDir Path data;
  private OpenSsl openssl;

  private void makeAuthority() throws Exception {
    openssl = OpenSsl.in(data);
    openssl.write(
        "ca.cnf",
        """
        [ca]
        default_ca = own
        [own]
        database = index.txt
        crlnumber = crlnumber
        default_md = sha256
        default_crl_days = 30
        certificate = ca.pem
        private_key = ca.key
        """);
    openssl.write("index.txt", "");
    openssl.write("crlnumber", "01\n");
    openssl.write("server.ext", "subjectAltName=DNS:localhost\nextendedKeyUsage=serverAuth\n");
    openssl.write("client.ext", "extendedKeyUsage=clientAuth\n");
    openssl.run(
        "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 30 -subj /CN=Plant"
            + " -keyout ca.key -out ca.pem");
    openssl.run(
        "req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=localhost"
            + " -keyout server.key -out server.csr");
    sign("server");
    openssl.run("ca -config ca.cnf -gencrl -out crl.pem");
  }

  private String sign(String name) throws Exception {
    String extensions = name.equals("server") ? "server.ext" : "client.ext";
    openssl.run(
        "x509 -req -in %s.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 20 -extfile %s -out %s.pem"
            .formatted(name, extensions, name));
    return openssl.read(name + ".pem");
  }

  private String signClient(String csr, String name) throws Exception {
    openssl.write(name + ".csr", csr);
    return sign(name);
  }

  @Test
  void theOldCertificateIsRefusedAndTheNewOneServes() throws Exception {
    assumeTrue(
        Files.exists(Path.of("/usr/sbin/mosquitto")), "install the Debian package mosquitto");
    makeAuthority();
    try (RotationRig rig = new RotationRig(data);
        TlsBroker broker = TlsBroker.start(data, "crlfile " + data.resolve("crl.pem"))) {
      rig.store.importRoots("plant", openssl.read("ca.pem"));
      String csr = rig.store.createSigningRequest(NAME, KeyType.EC_P256, "CN=gw", List.of());
      rig.store.importCertificate(NAME, signClient(csr, "old"));
      rig.rotations.addIssuer(
          new Authority(broker), Map.of(CertificateIssuer.NAME, "plant", "service.id", 1L));
      SSLContext old = rig.store.clientContext(NAME, "plant");
      assertThat(broker.connect(old)).isEqualTo("accepted");

      CompletableFuture<RotationState> outcome = rig.rotate();
      await()
          .until(
              () -> {
                SSLContext next = rig.store.clientContext(NAME, "plant");
                if (broker.connect(next).equals("accepted")) {
                  rig.store.accepted(next);
                }
                return outcome.isDone();
              });

      assertThat(outcome).isCompleted();
      await().untilAsserted(() -> assertThat(broker.connect(old)).contains("revoked"));
      assertThat(broker.connect(rig.store.clientContext(NAME, "plant"))).isEqualTo("accepted");
    }
  }

  /** Signs, and revokes what is retired. */
  private final class Authority implements CertificateIssuer {
    private final TlsBroker broker;

    Authority(TlsBroker broker) {
      this.broker = broker;
    }

    @Override
    public CompletionStage<String> issue(SigningOrder order) {
      try {
        return CompletableFuture.completedFuture(signClient(order.csr(), "new"));
      } catch (Exception failure) {
        return CompletableFuture.failedFuture(failure);
      }
    }

    @Override
    public CompletionStage<Void> retired(String identity, String fingerprint) {
      try {
        String printed = openssl.run("x509 -in old.pem -noout -fingerprint -sha256");
        if (!printed.toLowerCase(Locale.ROOT).replace(":", "").contains(fingerprint)) {
          throw new CertificateStoreException("not the old one: " + fingerprint);
        }
        openssl.run("ca -config ca.cnf -revoke old.pem");
        openssl.run("ca -config ca.cnf -gencrl -out crl.pem");
        broker.mosquitto().reload();
        return CompletableFuture.completedFuture(null);
      } catch (Exception failure) {
        return CompletableFuture.failedFuture(failure);
      }
    }
  }
}
