/** Modbus TCP: one connection a host and port, shared by its units. */
@NullMarked
package io.snaprail.driver.modbus.internal.tcp;

import org.jspecify.annotations.NullMarked;
