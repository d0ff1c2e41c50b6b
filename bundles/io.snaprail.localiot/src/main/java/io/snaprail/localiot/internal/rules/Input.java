package io.snaprail.localiot.internal.rules;

import com.google.gson.JsonObject;

/**
 * A message that a rule looks at.
 *
 * @param clientId who has published it; empty for HTTP and services
 * @param topic without the prefix of Basic Ingest
 * @param payload as JSON; empty when it is not an object
 * @param millis when it came, since 1970
 */
record Input(String clientId, String topic, JsonObject payload, long millis) {}
