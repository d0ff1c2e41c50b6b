package io.snaprail.localiot.internal.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.snaprail.localiot.internal.limits.Quotas;
import io.snaprail.localiot.testing.RawClient;
import io.snaprail.localiot.testing.RawClient.Packet;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients that are slow, or send what is no MQTT. */
class HostileClientTest extends BrokerSuite {
  // A subscriber that reads nothing costs its own messages, not those of the others.
  @Test
  void aSlowSubscriberHoldsNobody() throws Exception {
    int messages = 400;
    byte[] payload = new byte[16 * 1024];
    try (RawClient slow = fixture.client("slow");
        RawClient quick = fixture.client("quick");
        RawClient publisher = fixture.client("pub")) {
      slow.subscribe("s", 0);
      quick.subscribe("s", 0);
      for (int i = 0; i < messages; i++) {
        payload[0] = (byte) i;
        publisher.publish("s", 1, false, payload);
        assertThat(publisher.read().type()).isEqualTo(4);
        assertThat(quick.read().payload().charAt(0))
            .isEqualTo(new String(payload, 0, 1, StandardCharsets.UTF_8).charAt(0));
      }
      assertThat(fixture.broker.queuedBytes()).isLessThanOrEqualTo(Quotas.QUEUED_BYTES);
      assertThat(fixture.broker.metrics().dropped.sum()).isPositive();
    }
  }

  @Test
  void sendsAtMost100UnacknowledgedMessages() throws Exception {
    try (RawClient subscriber = fixture.client("window");
        RawClient publisher = fixture.client("pub")) {
      subscriber.subscribe("w", 1);
      for (int i = 0; i < 120; i++) {
        publisher.publish("w", 1, "m" + i);
        publisher.read();
      }
      Packet first = subscriber.read();
      for (int i = 1; i < Quotas.IN_FLIGHT; i++) {
        assertThat(subscriber.read().payload()).isEqualTo("m" + i);
      }
      subscriber.ping(); // the 101st would come before the answer
      subscriber.puback(first.packetId());
      assertThat(subscriber.read().payload()).isEqualTo("m100");
    }
  }

  // Facts: AWS's v2 SDKs send a user name and no password.
  @Test
  void ignoresTheUserName() throws Exception {
    try (RawClient client = fixture.dial("full")) {
      client.send(
          0x10, RawClient.connectBody("sdk", 0x82, 60), RawClient.utf8("?SDK=JavaV2&Version=1"));
      assertThat(client.read().hex()).isEqualTo("0000");
    }
  }

  // Raw bytes as first packet. MQTT 3.1.1 sections 2 and 3; the comment says what is wrong.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "00 00", // type 0 is reserved
        "f0 00", // type 15 is reserved
        "c0 00", // PINGREQ before CONNECT
        "30 03 00 01 61", // PUBLISH before CONNECT
        "e0 00", // DISCONNECT before CONNECT
        "10 00", // CONNECT without body
        "10 02 00 04", // CONNECT ends in the protocol name
        "10 ff ff ff ff 01", // length of five bytes
        "10 ff ff ff 7f", // 256 MB are announced
        "10 0c 00 04 4d 51 54 54 04 03 00 3c 00 00", // reserved flag is set [MQTT-3.1.2-3]
        "10 0e 00 04 4d 51 54 54 04 02 00 3c 00 7f 61 62", // client id longer than the packet
        "10 0e 00 04 4d 51 54 54 04 1e 00 3c 00 02 61 62", // last will with QoS 3
        "82 02 00 01", // SUBSCRIBE before CONNECT
        "47 45 54 20 2f 20 48 54 54 50 2f 31 2e 31 0d 0a", // GET / HTTP/1.1
      })
  void aMalformedFirstPacketEndsTheConnection(String hex) throws Exception {
    try (RawClient client = fixture.dial("full")) {
      client.raw(HexFormat.ofDelimiter(" ").parseHex(hex));
      assertThat(client.isClosedByServer()).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "10 10 00 04 4d 51 54 54 04 02 00 3c 00 04 73 61 6d 65", // a second CONNECT [MQTT-3.1.0-2]
        "20 02 00 00", // CONNACK from a client
        "50 02 00 01", // PUBREC, of QoS 2
        "62 02 00 01", // PUBREL, of QoS 2
        "90 03 00 01 00", // SUBACK from a client
        "d0 00", // PINGRESP from a client
        "f0 00", // type 15 is reserved
        "32 05 00 01 61 00 00", // PUBLISH QoS 1 with packet id 0 [MQTT-2.3.1-1]
        "32 03 00 01 61", // PUBLISH QoS 1 without packet id
        "36 05 00 01 61 00 01", // PUBLISH with QoS 3 [MQTT-3.3.1-4]
        "30 02 00 00", // PUBLISH with an empty topic [MQTT-4.7.3-1]
        "30 05 00 09 61 62 63", // topic longer than the packet
        "30 04 00 02 c3 28", // topic is not UTF-8 [MQTT-1.5.3-1]
        "30 03 00 01 00", // topic holds NUL [MQTT-1.5.3-2]
        "82 02 00 01", // SUBSCRIBE without filter [MQTT-3.8.3-3]
        "82 06 00 01 00 01 61 03", // SUBSCRIBE with QoS 3 [MQTT-3.8.3-4]
        "82 09 00 01 00 03 61 2f 23 00 ff", // rubbish behind the filter
        "82 07 00 01 00 02 61 23 00", // filter a# [MQTT-4.7.1-2]
        "80 06 00 01 00 01 61 00", // SUBSCRIBE with flags 0 [MQTT-3.8.1-1]
        "a2 02 00 01", // UNSUBSCRIBE without filter [MQTT-3.10.3-2]
        "40 01 00", // PUBACK of one byte
      })
  void aMalformedPacketEndsTheConnection(String hex) throws Exception {
    try (RawClient bystander = fixture.client("bystander");
        RawClient client = fixture.client("malformed")) {
      client.raw(HexFormat.ofDelimiter(" ").parseHex(hex));
      assertThat(client.isClosedByServer()).isTrue();
      bystander.ping();
    }
  }
}
