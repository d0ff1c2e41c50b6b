/** Settings are tried and tools of drivers are run, before a device is saved. */
@NullMarked
package io.snaprail.core.internal.commissioning;

import org.jspecify.annotations.NullMarked;
