/** Sockets that hold no thread while they wait. */
@NullMarked
package io.snaprail.driver.modbus.internal.nio;

import org.jspecify.annotations.NullMarked;
