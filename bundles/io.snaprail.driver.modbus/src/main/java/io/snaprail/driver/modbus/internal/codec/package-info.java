/** Raw types and byte orders: what 16-bit registers mean. */
@NullMarked
package io.snaprail.driver.modbus.internal.codec;

import org.jspecify.annotations.NullMarked;
