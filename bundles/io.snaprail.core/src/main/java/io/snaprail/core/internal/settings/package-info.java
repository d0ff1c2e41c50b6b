/** The settings that every device has: keys, ranges, defaults. */
@NullMarked
package io.snaprail.core.internal.settings;

import org.jspecify.annotations.NullMarked;
