package io.snaprail.localiot.internal.broker;

/** A function of the service that clients reach by publishing on reserved topics. */
public interface TopicService {
  /** Whether a topic is one of its requests. */
  boolean serves(String topic);

  /**
   * Takes a request of a client that may publish on the topic. Called by network threads: must
   * return at once.
   *
   * @param payload the service's to keep
   */
  void request(String clientId, String topic, byte[] payload);
}
