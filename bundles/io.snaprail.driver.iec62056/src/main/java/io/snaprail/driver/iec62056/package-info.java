/** Meters that are read out by IEC 62056-21: the components. */
@NullMarked
package io.snaprail.driver.iec62056;

import org.jspecify.annotations.NullMarked;
