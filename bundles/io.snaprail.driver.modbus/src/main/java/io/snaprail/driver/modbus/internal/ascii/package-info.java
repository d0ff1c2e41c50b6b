/** ASCII frames: their checksum and their end. */
@NullMarked
package io.snaprail.driver.modbus.internal.ascii;

import org.jspecify.annotations.NullMarked;
