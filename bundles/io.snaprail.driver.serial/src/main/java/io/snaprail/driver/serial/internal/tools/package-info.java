/** Tools for whoever sets a serial device up. */
@NullMarked
package io.snaprail.driver.serial.internal.tools;

import org.jspecify.annotations.NullMarked;
