package io.snaprail.mqtt.internal.telemetry;

import io.snaprail.api.uplink.Spool;
import io.snaprail.mqtt.internal.encoding.ClockSteps;

/**
 * What waits to be sent.
 *
 * @param spool messages
 * @param steps of the clock, since they were encoded
 */
record Queue(Spool spool, ClockSteps steps) {}
