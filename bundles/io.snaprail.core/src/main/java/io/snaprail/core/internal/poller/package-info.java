/** Lanes: who may use a bus when. */
@NullMarked
package io.snaprail.core.internal.poller;

import org.jspecify.annotations.NullMarked;
