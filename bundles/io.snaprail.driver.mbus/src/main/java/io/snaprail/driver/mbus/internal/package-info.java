/** A meter: its settings, its points, and how it is read. */
@NullMarked
package io.snaprail.driver.mbus.internal;

import org.jspecify.annotations.NullMarked;
