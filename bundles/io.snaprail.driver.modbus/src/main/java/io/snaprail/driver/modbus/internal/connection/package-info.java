/** Connections: one a protocol, host and port, shared by its units. */
@NullMarked
package io.snaprail.driver.modbus.internal.connection;

import org.jspecify.annotations.NullMarked;
