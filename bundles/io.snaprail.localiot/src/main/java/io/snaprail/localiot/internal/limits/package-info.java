/** Every quota in one place, and log lines that do not flood. */
@NullMarked
package io.snaprail.localiot.internal.limits;

import org.jspecify.annotations.NullMarked;
