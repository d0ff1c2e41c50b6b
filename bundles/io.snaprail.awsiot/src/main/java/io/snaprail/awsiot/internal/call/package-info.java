/** Requests over MQTT that are answered. */
@NullMarked
package io.snaprail.awsiot.internal.call;

import org.jspecify.annotations.NullMarked;
