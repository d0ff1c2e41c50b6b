package io.snaprail.localiot.internal.broker;

import io.netty.handler.codec.mqtt.MqttConnectMessage;
import io.netty.handler.codec.mqtt.MqttConnectVariableHeader;
import org.jspecify.annotations.Nullable;

/**
 * What a client publishes, or its last will.
 *
 * @param message topic and payload
 * @param qos 0 or 1
 * @param retain whether to keep it for later subscribers
 */
record Publication(Message message, int qos, boolean retain) {

  /** The last will of a client; null when it has none or one that cannot be taken. */
  static @Nullable Publication will(MqttConnectMessage connect) {
    MqttConnectVariableHeader header = connect.variableHeader();
    String topic = connect.payload().willTopic();
    byte[] payload = connect.payload().willMessageInBytes();
    if (!header.isWillFlag()
        || topic == null
        || payload == null
        || header.willQos() > 1
        || Topics.topicFault(topic).isPresent()) {
      return null;
    }
    return new Publication(new Message(topic, payload), header.willQos(), header.isWillRetain());
  }
}
