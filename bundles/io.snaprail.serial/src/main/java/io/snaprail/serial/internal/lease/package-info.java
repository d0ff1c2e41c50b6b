/** Who holds which port. */
@NullMarked
package io.snaprail.serial.internal.lease;

import org.jspecify.annotations.NullMarked;
