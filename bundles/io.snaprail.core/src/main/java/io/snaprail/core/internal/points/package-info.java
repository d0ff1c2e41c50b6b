/** Register maps, and scaling between raw and engineering values. */
@NullMarked
package io.snaprail.core.internal.points;

import org.jspecify.annotations.NullMarked;
