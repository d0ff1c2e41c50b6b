/** Live values as server-sent events. */
@NullMarked
package io.snaprail.console.internal.live;

import org.jspecify.annotations.NullMarked;
