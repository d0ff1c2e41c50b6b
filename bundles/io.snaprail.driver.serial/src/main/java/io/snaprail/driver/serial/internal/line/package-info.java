/** Ports in use: who talks and who listens on them. */
@NullMarked
package io.snaprail.driver.serial.internal.line;

import org.jspecify.annotations.NullMarked;
