/** From points to merged requests and back, whatever the transport. */
@NullMarked
package io.snaprail.driver.modbus.internal;

import org.jspecify.annotations.NullMarked;
