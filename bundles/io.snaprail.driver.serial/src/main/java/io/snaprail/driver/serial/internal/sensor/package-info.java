/** Sensors: their settings, their points, and how they are read. */
@NullMarked
package io.snaprail.driver.serial.internal.sensor;

import org.jspecify.annotations.NullMarked;
