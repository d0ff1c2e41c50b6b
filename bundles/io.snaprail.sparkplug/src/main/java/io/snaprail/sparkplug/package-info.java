/** The Sparkplug B uplink. */
@NullMarked
package io.snaprail.sparkplug;

import org.jspecify.annotations.NullMarked;
