package io.snaprail.api.mqtt;

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
   * @return completes when sent (QoS 0) or acknowledged (QoS 1); exceptionally when the connection
   *     is not up or is lost before
   */
  CompletionStage<Void> publish(String topic, byte[] payload, int qos, boolean retained);

  /**
   * Subscribes with QoS 1 and keeps the subscription over reconnects.
   *
   * @param handler called by one thread that is not the network's; may block for a while, but the
   *     queue in front of it is bounded
   * @return unsubscribes when closed
   */
  Subscription subscribe(String filter, MessageHandler handler);

  /** Takes messages. */
  @FunctionalInterface
  interface MessageHandler {
    /** A message has come; an exception is logged and the next message is taken. */
    void message(String topic, byte[] payload);
  }

  /** A standing subscription. */
  @FunctionalInterface
  interface Subscription extends AutoCloseable {
    @Override
    void close();
  }
}
