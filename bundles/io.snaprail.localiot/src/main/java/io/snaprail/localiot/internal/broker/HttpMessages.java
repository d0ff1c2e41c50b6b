package io.snaprail.localiot.internal.broker;

import io.snaprail.localiot.internal.limits.Quotas;
import java.util.List;
import java.util.Optional;

/**
 * Messages of clients that speak HTTP (developer guide, "HTTPS"): they have no client id and no
 * session. Safe for any thread.
 */
public final class HttpMessages {
  private final Broker broker;
  private final List<TopicService> services;

  /** Works on a broker and the functions behind its reserved topics. */
  public HttpMessages(Broker broker, List<TopicService> services) {
    this.broker = broker;
    this.services = List.copyOf(services);
  }

  /**
   * Publishes.
   *
   * @param qos 0 or 1
   * @return why it was not taken; empty when it was
   */
  public Optional<String> publish(String topic, byte[] payload, int qos, boolean retain) {
    Optional<String> fault = fault(topic, payload, retain);
    if (fault.isPresent()) {
      return fault;
    }
    Message message = new Message(topic, payload);
    broker.tapped("", message);
    if (!Topics.reserved(topic)) {
      if (retain && !broker.retain(message)) {
        return Optional.of("there is no room to retain the message");
      }
      broker.publish(message, qos);
      return Optional.empty();
    }
    services.stream()
        .filter(service -> service.serves(topic))
        .findFirst()
        .ifPresent(service -> service.request("", topic, payload));
    return Optional.empty();
  }

  /** The payload that is retained on a topic. */
  public Optional<byte[]> retained(String topic) {
    return broker.retained(topic).map(Message::payload);
  }

  private static Optional<String> fault(String topic, byte[] payload, boolean retain) {
    Optional<String> fault = Topics.topicFault(topic);
    if (fault.isPresent()) {
      return fault.map(words -> "topic: " + words);
    }
    if (payload.length > Quotas.PAYLOAD_BYTES) {
      return Optional.of(
          "expected at most " + Quotas.PAYLOAD_BYTES + " bytes, found " + payload.length);
    }
    if (Topics.reserved(topic) && !Topics.service(topic)) {
      return Optional.of("topics that begin with '$' are reserved");
    }
    return retain && Topics.reserved(topic)
        ? Optional.of("nothing is retained on reserved topics")
        : Optional.empty();
  }
}
