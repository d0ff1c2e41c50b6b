package io.snaprail.mqtt.internal.link;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One connection, from CONNECT to its end; never reused. Publishing and subscribing may be done by
 * any thread and do not wait for the network.
 */
public interface Link {
  /**
   * Hands a message to the client.
   *
   * @param qos 0 or 1
   * @param receipt called once, by a thread of the client's: must neither block nor throw
   * @throws LinkException when the connection is gone
   */
  void publish(String topic, byte[] payload, int qos, boolean retained, Receipt receipt)
      throws LinkException;

  /**
   * Asks the broker for a sign that it has read what was sent with QoS 0, if there is such a thing.
   * Called again and again by one thread; never waits.
   */
  void flush() throws LinkException;

  /**
   * Subscribes with QoS 1.
   *
   * @param filters 1..8
   * @param receipt as in {@link #publish}; told for each refused filter
   */
  void subscribe(List<String> filters, SubscribeReceipt receipt) throws LinkException;

  /** Takes filters back; what the broker says to it is not waited for. */
  void unsubscribe(List<String> filters) throws LinkException;

  /** Whether the broker has kept the session of the connection before: MQTT 3.1.1, 3.2.2.2. */
  boolean resumed();

  /** Why the connection has ended; null while it is up. */
  @Nullable Fault lost();

  /**
   * Ends the connection and its threads; takes up to 3 s.
   *
   * @param orderly whether to say good-bye (DISCONNECT, so that no last will is sent); false cuts
   *     the line at once
   */
  void close(boolean orderly);

  /** Outcome of a publish. */
  @FunctionalInterface
  interface Receipt {
    /** Takes the outcome: null when read by the broker (QoS 0) or acknowledged (QoS 1). */
    void done(@Nullable Exception failure);
  }

  /** Outcome of a subscribe. */
  @FunctionalInterface
  interface SubscribeReceipt {
    /** Takes the filters that the broker refused; empty when it took all. */
    void done(List<String> refused);
  }
}
