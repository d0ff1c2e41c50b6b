/** Subscriptions and messages beside the telemetry. */
@NullMarked
package io.snaprail.mqtt.internal.session;

import org.jspecify.annotations.NullMarked;
