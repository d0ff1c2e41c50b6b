package io.snaprail.localiot.internal.broker;

/**
 * A message for one subscriber.
 *
 * @param message what
 * @param qos 0 or 1
 * @param retained whether it is sent because it was retained [MQTT-3.3.1-8]
 */
record Delivery(Message message, int qos, boolean retained) {}
