/** How samples become messages: forms of JSON, and what is done where the clock is not set. */
@NullMarked
package io.snaprail.mqtt.internal.encoding;

import org.jspecify.annotations.NullMarked;
