/** Modbus TCP, and the frames of serial lines on TCP. */
@NullMarked
package io.snaprail.driver.modbus.internal.tcp;

import org.jspecify.annotations.NullMarked;
