package io.snaprail.localiot.internal.broker;

/** A message on its way. The payload is shared by all who get it and changed by nobody. */
final class Message {
  private final String topic;
  private final byte[] payload;

  Message(String topic, byte[] payload) {
    this.topic = topic;
    this.payload = payload;
  }

  String topic() {
    return topic;
  }

  byte[] payload() {
    return payload;
  }

  /** What it counts for in budgets: payload, topic and what keeping it costs. */
  int weight() {
    return payload.length + topic.length() + 64;
  }
}
