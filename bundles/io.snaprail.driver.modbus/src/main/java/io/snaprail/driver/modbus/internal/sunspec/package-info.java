/** Discovery of the models of SunSpec devices. */
@NullMarked
package io.snaprail.driver.modbus.internal.sunspec;

import org.jspecify.annotations.NullMarked;
