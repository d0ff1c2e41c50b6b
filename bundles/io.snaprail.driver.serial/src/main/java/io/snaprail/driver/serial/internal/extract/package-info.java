/** Values: where they stand in a frame, and what they mean. */
@NullMarked
package io.snaprail.driver.serial.internal.extract;

import org.jspecify.annotations.NullMarked;
