/** From samples over topics and payloads into the spool, and from the spool to the broker. */
@NullMarked
package io.snaprail.mqtt.internal.telemetry;

import org.jspecify.annotations.NullMarked;
