/** Meters that send SML by themselves: the components. */
@NullMarked
package io.snaprail.driver.sml;

import org.jspecify.annotations.NullMarked;
