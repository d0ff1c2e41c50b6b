/** Devices that are there now, their settings and state. */
@NullMarked
package io.snaprail.core.internal.registry;

import org.jspecify.annotations.NullMarked;
