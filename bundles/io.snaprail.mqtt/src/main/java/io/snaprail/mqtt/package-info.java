/** MQTT uplinks: the generic one, and the service that makes them for other connectors. */
@NullMarked
package io.snaprail.mqtt;

import org.jspecify.annotations.NullMarked;
