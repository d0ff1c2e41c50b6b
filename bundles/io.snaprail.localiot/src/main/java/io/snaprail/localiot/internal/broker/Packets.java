package io.snaprail.localiot.internal.broker;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.mqtt.MqttFixedHeader;
import io.netty.handler.codec.mqtt.MqttMessage;
import io.netty.handler.codec.mqtt.MqttMessageIdVariableHeader;
import io.netty.handler.codec.mqtt.MqttMessageType;
import io.netty.handler.codec.mqtt.MqttPubAckMessage;
import io.netty.handler.codec.mqtt.MqttPublishMessage;
import io.netty.handler.codec.mqtt.MqttPublishVariableHeader;
import io.netty.handler.codec.mqtt.MqttQoS;
import io.netty.handler.codec.mqtt.MqttSubAckMessage;
import io.netty.handler.codec.mqtt.MqttSubAckPayload;
import io.netty.handler.codec.mqtt.MqttSubscribeMessage;
import io.netty.handler.codec.mqtt.MqttUnsubAckMessage;
import io.netty.handler.codec.mqtt.MqttUnsubscribeMessage;

/** The packets that the broker sends (MQTT 3.1.1 section 3). */
final class Packets {
  private Packets() {}

  /** By hand, as the codec knows no code 7. */
  static ByteBuf connack(boolean sessionPresent, int code) {
    return Unpooled.wrappedBuffer(
        new byte[] {0x20, 2, (byte) (sessionPresent ? 1 : 0), (byte) code});
  }

  /** Packet id of a message that has one and nothing more. */
  static int id(MqttMessage message) {
    return ((MqttMessageIdVariableHeader) message.variableHeader()).messageId();
  }

  static MqttMessage puback(int packetId) {
    return new MqttPubAckMessage(
        header(MqttMessageType.PUBACK), MqttMessageIdVariableHeader.from(packetId));
  }

  static MqttMessage suback(MqttSubscribeMessage asked, int[] codes) {
    return new MqttSubAckMessage(
        header(MqttMessageType.SUBACK), asked.variableHeader(), new MqttSubAckPayload(codes));
  }

  static MqttMessage unsuback(MqttUnsubscribeMessage asked) {
    return new MqttUnsubAckMessage(header(MqttMessageType.UNSUBACK), asked.variableHeader());
  }

  /** The payload is not copied. */
  static MqttMessage publish(Delivery delivery, int packetId, boolean duplicate) {
    MqttFixedHeader header =
        new MqttFixedHeader(
            MqttMessageType.PUBLISH,
            duplicate,
            MqttQoS.valueOf(delivery.qos()),
            delivery.retained(),
            0);
    Message message = delivery.message();
    return new MqttPublishMessage(
        header,
        new MqttPublishVariableHeader(message.topic(), packetId),
        Unpooled.wrappedBuffer(message.payload()));
  }

  private static MqttFixedHeader header(MqttMessageType type) {
    return new MqttFixedHeader(type, false, MqttQoS.AT_MOST_ONCE, false, 0);
  }
}
