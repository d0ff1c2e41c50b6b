/** Adds the common device settings to every driver's form. */
@NullMarked
package io.snaprail.core.internal.forms;

import org.jspecify.annotations.NullMarked;
