/** The MQTT 3.1.1 broker with the rules of AWS IoT Core. */
@NullMarked
package io.snaprail.localiot.internal.broker;

import org.jspecify.annotations.NullMarked;
