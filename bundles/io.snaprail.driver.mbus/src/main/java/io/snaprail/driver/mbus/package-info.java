/** Meters on an M-Bus: the components. */
@NullMarked
package io.snaprail.driver.mbus;

import org.jspecify.annotations.NullMarked;
