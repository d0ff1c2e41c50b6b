/** Modbus UDP. */
@NullMarked
package io.snaprail.driver.modbus.internal.udp;

import org.jspecify.annotations.NullMarked;
