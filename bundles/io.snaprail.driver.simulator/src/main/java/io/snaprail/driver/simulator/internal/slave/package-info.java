/** A Modbus TCP slave. */
@NullMarked
package io.snaprail.driver.simulator.internal.slave;

import org.jspecify.annotations.NullMarked;
