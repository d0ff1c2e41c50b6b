package io.snaprail.localiot.internal.broker;

/** Sees every message that the broker has taken. */
@FunctionalInterface
public interface MessageTap {
  /** Sees nothing. */
  MessageTap NOBODY = (clientId, topic, payload) -> {};

  /**
   * A message was taken, of a client that may publish it or of a service. Called by any thread:
   * must return at once.
   *
   * @param clientId who has published it; empty for a service of the endpoint
   * @param topic reserved topics and Basic Ingest too
   * @param payload not to be changed
   */
  void published(String clientId, String topic, byte[] payload);
}
