package io.snaprail.mqtt.internal.link;

/** Makes connections. Used by one thread, except for {@link #abort()}. */
public interface Connector {
  /**
   * Makes a connection; takes as long as the name service needs, plus 8 s each for TCP, TLS and
   * MQTT at most.
   *
   * @param inbox takes what comes in, by a thread of the client's: must neither block nor throw
   */
  Link connect(Inbox inbox) throws LinkException;

  /** Makes a {@link #connect} that is under way fail, and every later one. */
  void abort();

  /** Takes messages. */
  @FunctionalInterface
  interface Inbox {
    /** A message has come. */
    void message(String topic, byte[] payload);
  }
}
