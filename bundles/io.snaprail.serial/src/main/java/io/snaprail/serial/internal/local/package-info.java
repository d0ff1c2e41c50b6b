/** Ports of this machine. Nothing outside this package touches jSerialComm. */
@NullMarked
package io.snaprail.serial.internal.local;

import org.jspecify.annotations.NullMarked;
