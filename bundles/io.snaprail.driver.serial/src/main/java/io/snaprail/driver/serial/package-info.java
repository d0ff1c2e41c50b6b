/** Sensors that speak lines or frames on a serial port. */
@NullMarked
package io.snaprail.driver.serial;

import org.jspecify.annotations.NullMarked;
