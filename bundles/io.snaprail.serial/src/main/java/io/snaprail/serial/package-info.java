/** The serial port service. */
@NullMarked
package io.snaprail.serial;

import org.jspecify.annotations.NullMarked;
