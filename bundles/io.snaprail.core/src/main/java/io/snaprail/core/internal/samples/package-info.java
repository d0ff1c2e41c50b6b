/** From the poller to the listeners, through bounded queues. */
@NullMarked
package io.snaprail.core.internal.samples;

import org.jspecify.annotations.NullMarked;
