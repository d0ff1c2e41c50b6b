/** Checksums of serial protocols. */
@NullMarked
package io.snaprail.driver.serial.internal.checksum;

import org.jspecify.annotations.NullMarked;
