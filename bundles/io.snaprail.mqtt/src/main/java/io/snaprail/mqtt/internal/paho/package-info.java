/** The only package that knows Eclipse Paho: one client object per connection. */
@NullMarked
package io.snaprail.mqtt.internal.paho;

import org.jspecify.annotations.NullMarked;
