package io.snaprail.localiot.internal.broker;

/**
 * What a client publishes, or its last will.
 *
 * @param message topic and payload
 * @param qos 0 or 1
 * @param retain whether to keep it for later subscribers
 */
record Publication(Message message, int qos, boolean retain) {}
