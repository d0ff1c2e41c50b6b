/** RTU frames: their checksum and their length. */
@NullMarked
package io.snaprail.driver.modbus.internal.rtu;

import org.jspecify.annotations.NullMarked;
