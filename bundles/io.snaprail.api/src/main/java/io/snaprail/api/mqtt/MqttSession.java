package io.snaprail.api.mqtt;

import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.osgi.annotation.versioning.ProviderType;

/**
 * A connection to a broker that is kept up by itself: reconnects with back-off, subscribes again,
 * notices a broker that no longer answers. Safe for any thread.
 */
@ProviderType
public interface MqttSession {

  /** Whether messages can be sent now. */
  boolean connected();

  /**
   * Publishes one message now, beside the telemetry that goes through the spool.
   *
   * @param qos 0 or 1
   * @return completes when read by the broker (QoS 0) or acknowledged (QoS 1); exceptionally when
   *     the connection is not up or is lost before
   */
  CompletionStage<Void> publish(String topic, byte[] payload, int qos, boolean retained);

  /**
   * Subscribes with QoS 1 and keeps the subscriptions over reconnects.
   *
   * @param filters 1 or more, together: {@link MessageHandler#ready} tells when the broker has
   *     answered all of them
   * @param handler called by one thread that is not the network's; may block for a while, but the
   *     queue in front of it is bounded
   * @return unsubscribes when closed
   */
  Subscription subscribe(List<String> filters, MessageHandler handler);

  /** The same for one filter. */
  default Subscription subscribe(String filter, MessageHandler handler) {
    return subscribe(List.of(filter), handler);
  }

  /** Takes messages, and may follow the connection. */
  @FunctionalInterface
  interface MessageHandler {
    /** A message has come; an exception is logged and the next message is taken. */
    void message(String topic, byte[] payload);

    /**
     * A connection is up and the broker has answered every filter. Once for each connection.
     *
     * @param refused filters that it did not take; usually empty
     */
    default void ready(Set<String> refused) {}

    /** The connection of the last {@link #ready} is gone. */
    default void lost() {}
  }

  /** A standing subscription. */
  @FunctionalInterface
  interface Subscription extends AutoCloseable {
    @Override
    void close();
  }
}
