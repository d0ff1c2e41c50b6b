/** Modbus/TLS: the frames of Modbus TCP inside TLS, with certificates on both sides. */
@NullMarked
package io.snaprail.driver.modbus.internal.tls;

import org.jspecify.annotations.NullMarked;
