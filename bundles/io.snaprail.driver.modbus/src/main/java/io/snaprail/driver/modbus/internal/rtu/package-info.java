/** RTU frames: their checksum, their length, and RTU over TCP. */
@NullMarked
package io.snaprail.driver.modbus.internal.rtu;

import org.jspecify.annotations.NullMarked;
