/** Modbus devices. */
@NullMarked
package io.snaprail.driver.modbus;

import org.jspecify.annotations.NullMarked;
