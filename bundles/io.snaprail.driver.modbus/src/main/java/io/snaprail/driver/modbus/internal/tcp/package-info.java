/** Modbus TCP. */
@NullMarked
package io.snaprail.driver.modbus.internal.tcp;

import org.jspecify.annotations.NullMarked;
