package io.snaprail.localiot.internal.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.mqtt.MqttDecoder;
import io.netty.handler.ssl.NotSslRecordException;
import io.snaprail.localiot.internal.limits.LimitedLog;
import io.snaprail.localiot.internal.limits.Rules;
import io.snaprail.localiot.internal.registry.Arns;
import io.snaprail.localiot.internal.registry.Registry;
import io.snaprail.localiot.testing.RawClient;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** What is hard to see over a socket: when the connection reads, and how bytes become packets. */
class MqttConnectionTest {
  @TempDir private Path folder;
  private EmbeddedChannel channel;

  @BeforeEach
  void open() throws Exception {
    BrokerContext context =
        new BrokerContext(
            new Broker(System::nanoTime, Clock.systemUTC()),
            Registry.open(folder, BrokerFixture.registryEnvironment(new Rules(true, 5))),
            new Arns("local", "123456789012"),
            List.of(),
            new Rules(true, 5),
            stranger -> {},
            new LimitedLog(LoggerFactory.getLogger("test")));
    MqttConnection connection = new MqttConnection(context);
    channel =
        new EmbeddedChannel(
            new PacketFraming(connection),
            new MqttDecoder(PacketFraming.PACKET_BYTES, 1024),
            connection);
  }

  // Without it, answers would pile up in memory for a client that asks and never reads.
  @Test
  void readsNothingWhileItsAnswersAreNotTaken() {
    channel.unsafe().outboundBuffer().setUserDefinedWritability(1, false);
    channel.runPendingTasks();
    assertThat(channel.config().isAutoRead()).isFalse();

    channel.unsafe().outboundBuffer().setUserDefinedWritability(1, true);
    channel.runPendingTasks();
    assertThat(channel.config().isAutoRead()).isTrue();
  }

  @Test
  void waitsForTheRestOfAPacketThatComesByteByByte() {
    byte[] body = RawClient.connectBody("any", 2, 60);
    byte[] connect =
        ByteBuffer.allocate(body.length + 2)
            .put((byte) 0x10)
            .put((byte) body.length)
            .put(body)
            .array();
    for (int i = 0; i < connect.length - 1; i++) {
      channel.writeInbound(Unpooled.wrappedBuffer(new byte[] {connect[i]}));
      assertThat(channel.isOpen()).isTrue();
    }
    channel.writeInbound(Unpooled.wrappedBuffer(new byte[] {connect[connect.length - 1]}));
    // It is whole, and refused: there is no TLS here and so no certificate.
    assertThat(channel.isOpen()).isFalse();
  }

  @Test
  void refusesAPacketThatAnnouncesMoreThanTheQuotaBeforeItIsThere() {
    channel.writeInbound(Unpooled.wrappedBuffer(new byte[] {0x10, -1, -1, -1, 0x7F}));
    assertThat(channel.isOpen()).isFalse();
  }

  @Test
  void neverRepeatsWhatAClientSentInTheClear() {
    String canary = "63616e617279";
    Throwable plain =
        new DecoderException(new NotSslRecordException("not an SSL/TLS record: " + canary));
    assertThat(TlsPeer.reasonOf(plain)).contains("TLS").doesNotContain(canary);
  }
}
