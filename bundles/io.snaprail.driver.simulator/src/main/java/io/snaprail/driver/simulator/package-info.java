/** The reference driver, and a Modbus TCP slave with a simulated plant. */
@NullMarked
package io.snaprail.driver.simulator;

import org.jspecify.annotations.NullMarked;
