/** A boiler and a tank that behave plausibly. */
@NullMarked
package io.snaprail.driver.simulator.internal.plant;

import org.jspecify.annotations.NullMarked;
