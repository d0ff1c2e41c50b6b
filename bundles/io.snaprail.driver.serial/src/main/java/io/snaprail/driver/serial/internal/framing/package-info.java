/** Frames: where they begin and end in what comes on a line. */
@NullMarked
package io.snaprail.driver.serial.internal.framing;

import org.jspecify.annotations.NullMarked;
