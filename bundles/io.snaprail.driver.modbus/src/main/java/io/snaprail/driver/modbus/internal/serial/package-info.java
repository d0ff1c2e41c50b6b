/** Modbus on serial ports: RTU and ASCII. */
@NullMarked
package io.snaprail.driver.modbus.internal.serial;

import org.jspecify.annotations.NullMarked;
