package io.snaprail.localiot.internal.broker;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.mqtt.MqttDecoder;
import io.netty.handler.codec.mqtt.MqttEncoder;
import io.netty.handler.timeout.IdleStateHandler;
import io.netty.util.ReferenceCountUtil;
import io.snaprail.localiot.internal.limits.LimitedLog;
import io.snaprail.localiot.internal.limits.Quotas;
import io.snaprail.localiot.internal.limits.Rules;
import io.snaprail.localiot.internal.policy.PolicyDocument;
import io.snaprail.localiot.internal.registry.Arns;
import io.snaprail.localiot.internal.registry.CertificateSigner;
import io.snaprail.localiot.internal.registry.Certificates;
import io.snaprail.localiot.internal.registry.DeviceCertificate;
import io.snaprail.localiot.internal.registry.Registry;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.helpers.NOPLogger;

/**
 * Whatever a client sends into the endpoint, before CONNECT and after it: it is answered or
 * disconnected, nothing is thrown, and nothing is left behind. In the broker's package to do
 * without TLS.
 */
class MqttFuzzTest {
  private static final String PEM =
      """
      -----BEGIN CERTIFICATE-----
      MIIBdTCCARugAwIBAgIUWtlHnuEf/pi3DWI6C4kwmODcISAwCgYIKoZIzj0EAwIw
      DzENMAsGA1UEAwwEZnV6ejAgFw0yNjExMjExMzE2MDZaGA8yMTI2MTAyODEzMTYw
      NlowDzENMAsGA1UEAwwEZnV6ejBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABIFu
      HxJos0HsBkeZrpSBZYCeLmH7OZmY+X1TQ8d7iAzSUbTtJN/06xz6+tMhk8PeDx8o
      awjRKxGF3DSi8UgOmDGjUzBRMB0GA1UdDgQWBBRafwj0VAwb4sSvSR4PcVxDmtTI
      HDAfBgNVHSMEGDAWgBRafwj0VAwb4sSvSR4PcVxDmtTIHDAPBgNVHRMBAf8EBTAD
      AQH/MAoGCCqGSM49BAMCA0gAMEUCIQCmsFnNcHeFpFk+OW3H1VF8h2DBJ7zCxhzO
      I3FErLEVnwIgB/tg4G5Kk4/7qvOUWaemls0RXnZ2UI1yNOprwYRagxc=
      -----END CERTIFICATE-----
      """;

  private static final String ALLOW =
      """
      {"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"iot:*","Resource":"*"}}\
      """;

  private static final AtomicLong NOW = new AtomicLong();
  private static final Broker BROKER = new Broker(NOW::get, Clock.systemUTC());
  private static final X509Certificate CERTIFICATE = certificate();
  private static final BrokerContext CONTEXT = context();

  private static X509Certificate certificate() {
    try {
      return Certificates.parse(PEM);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private static BrokerContext context() {
    Rules rules = new Rules(false, 5);
    CertificateSigner nobody =
        new CertificateSigner() {
          @Override
          public X509Certificate certificate() {
            throw new UnsupportedOperationException();
          }

          @Override
          public X509Certificate sign(String csrPem, Instant notBefore, Instant notAfter) {
            throw new UnsupportedOperationException();
          }
        };
    try {
      Registry registry =
          Registry.open(
              Files.createTempDirectory("snaprail-fuzz"),
              new Registry.Environment(Clock.systemUTC(), rules, nobody));
      DeviceCertificate known =
          DeviceCertificate.of(
                  CERTIFICATE, "", DeviceCertificate.Status.ACTIVE, Clock.systemUTC().instant())
              .withPolicies(Set.of("all"));
      PolicyDocument all = PolicyDocument.parse(ALLOW);
      registry.change(state -> state.withPolicy("all", all, Instant.EPOCH).with(known));
      return new BrokerContext(
          BROKER,
          registry,
          new Arns("local", "123456789012"),
          List.of(),
          rules,
          stranger -> {},
          new LimitedLog(NOPLogger.NOP_LOGGER));
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private static byte[] connect() {
    byte[] id = "fuzz".getBytes(StandardCharsets.US_ASCII);
    byte[] packet = {
      0x10, 16, 0, 4, 'M', 'Q', 'T', 'T', 4, 2, 0, 60, 0, 4, id[0], id[1], id[2], id[3]
    };
    return packet;
  }

  private static void send(byte[] before, byte[] input) {
    MqttConnection connection = new MqttConnection(CONTEXT, target -> CERTIFICATE);
    EmbeddedChannel channel =
        new EmbeddedChannel(
            new PacketFraming(connection),
            new MqttDecoder(PacketFraming.PACKET_BYTES, 1024),
            MqttEncoder.INSTANCE);
    channel.pipeline().addLast(MqttConnection.IDLE_HANDLER, new IdleStateHandler(0, 0, 0));
    channel.pipeline().addLast(connection);
    long sent = 0;
    for (byte[] part : List.of(before, input)) {
      if (part.length > 0 && channel.isOpen()) {
        channel.writeInbound(Unpooled.copiedBuffer(part));
      }
      channel.runPendingTasks();
      for (Object out = channel.readOutbound(); out != null; out = channel.readOutbound()) {
        sent++;
        ReferenceCountUtil.release(out);
      }
    }
    // Each byte of input makes one packet at most, and each packet a few.
    assertThat(sent).isLessThanOrEqualTo(8L + 60L * input.length);
    channel.checkException();
    channel.finishAndReleaseAll();
    NOW.addAndGet(Quotas.SESSION_EXPIRY.toNanos() + 1);
    BROKER.expireSessions();
    assertThat(BROKER.connections()).isZero();
    assertThat(BROKER.sessionCount()).isZero();
    assertThat(BROKER.hasSubscriptions()).isFalse();
    assertThat(BROKER.queuedBytes()).isZero();
  }

  /** The first bytes of a client. */
  @FuzzTest
  void first(byte[] input) {
    send(new byte[0], input);
  }

  /** What comes behind a CONNECT that was accepted. */
  @FuzzTest
  void session(byte[] input) {
    send(connect(), input);
  }
}
