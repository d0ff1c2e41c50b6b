package io.snaprail.benchmarks.localiot;

import io.snaprail.api.certificate.CertificateStoreException;
import io.snaprail.certificates.internal.tls.CipherSuites;
import io.snaprail.localiot.internal.broker.Broker;
import io.snaprail.localiot.internal.broker.BrokerContext;
import io.snaprail.localiot.internal.broker.MqttServer;
import io.snaprail.localiot.internal.limits.LimitedLog;
import io.snaprail.localiot.internal.limits.Rules;
import io.snaprail.localiot.internal.registry.Arns;
import io.snaprail.localiot.internal.registry.CertificateSigner;
import io.snaprail.localiot.internal.registry.DeviceCertificate;
import io.snaprail.localiot.internal.registry.Registry;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import org.slf4j.LoggerFactory;

/**
 * The endpoint's broker and registry alone in a process: the client certificate is registered, one
 * policy allows everything, rates are not limited. Prints its port; each line of standard input has
 * it print its figures; ends with standard input.
 */
public final class EndpointProcess {
  private static final String ALLOW =
      """
      {"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"iot:*","Resource":"*"}}\
      """;

  private EndpointProcess() {}

  /**
   * Runs it.
   *
   * @param arguments the folder with keys and certificates
   */
  public static void main(String[] arguments) throws Exception {
    // The order that the certificate store's contexts have.
    System.setProperty("jdk.tls.server.cipherSuites", String.join(",", CipherSuites.allowed()));
    Pki pki = new Pki(Path.of(arguments[0]));
    Rules rules = new Rules(false, 5);
    Registry registry =
        Registry.open(
            Files.createTempDirectory("snaprail-benchmark"),
            new Registry.Environment(Clock.systemUTC(), rules, new Nobody()));
    String id =
        registry
            .certificates()
            .registerWithoutAuthority(
                Files.readString(pki.folder().resolve("client.crt")),
                DeviceCertificate.Status.ACTIVE)
            .id();
    registry.policies().create("all", ALLOW);
    registry.policies().attach("all", id);
    Broker broker = new Broker(System::nanoTime, Clock.systemUTC());
    BrokerContext context =
        new BrokerContext(
            broker,
            registry,
            new Arns("local", "123456789012"),
            List.of(),
            rules,
            stranger -> {},
            new LimitedLog(LoggerFactory.getLogger(EndpointProcess.class)));
    try (MqttServer server = new MqttServer(context, pki.context("server"))) {
      server.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      System.out.println("port " + server.port());
      serve(broker);
    }
  }

  private static void serve(Broker broker) throws IOException {
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
    while (in.readLine() != null) {
      double[] dropped = new double[1];
      broker.collect(
          new io.snaprail.api.health.MetricSource.Collector() {
            @Override
            public void gauge(String name, String help, double value, String... labels) {}

            @Override
            public void counter(String name, String help, double value, String... labels) {
              if (name.equals("snaprail_localiot_dropped_total")) {
                dropped[0] = value;
              }
            }
          });
      System.out.println((long) dropped[0]);
    }
  }

  private static final class Nobody implements CertificateSigner {
    @Override
    public X509Certificate certificate() throws CertificateStoreException {
      throw new CertificateStoreException("signs nothing");
    }

    @Override
    public X509Certificate sign(String csrPem, Instant notBefore, Instant notAfter)
        throws CertificateStoreException {
      throw new CertificateStoreException("signs nothing");
    }
  }
}
