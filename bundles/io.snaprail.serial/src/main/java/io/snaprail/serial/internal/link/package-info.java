/** What a connection is made of: the way to a port over the network, and the filter for echoes. */
@NullMarked
package io.snaprail.serial.internal.link;

import org.jspecify.annotations.NullMarked;
