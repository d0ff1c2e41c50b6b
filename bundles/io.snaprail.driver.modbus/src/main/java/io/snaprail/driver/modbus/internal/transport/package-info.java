/** What every way to a Modbus device has in common. */
@NullMarked
package io.snaprail.driver.modbus.internal.transport;

import org.jspecify.annotations.NullMarked;
